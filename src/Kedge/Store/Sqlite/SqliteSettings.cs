namespace Kedge.Store.Sqlite;

/// <summary>What tests of the store vary; the program runs with <see cref="Default"/>.</summary>
internal sealed record SqliteSettings
{
    public static SqliteSettings Default { get; } = new();

    /// <summary>Size of the space kept in reserve.</summary>
    public long ReserveBytes { get; init; } = 16 << 20;

    /// <summary>How appends are synced: <c>FULL</c>; anything less loses what was acknowledged.</summary>
    public string AppendSynchronous { get; init; } = "FULL";

    /// <summary>How long a call waits while another process holds the file locked.</summary>
    public TimeSpan LockTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a call may take in all before its caller is told that the disk does not answer.</summary>
    public TimeSpan StallLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>After how many bytes written the log is copied into the database file.</summary>
    public long CheckpointEvery { get; init; } = 1 << 20;
}
