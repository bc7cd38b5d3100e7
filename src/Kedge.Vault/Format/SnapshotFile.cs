namespace Kedge.Vault.Format;

/// <summary>One backup: the content of a file in <c>snapshots</c> (restic, doc/design.rst "Snapshots").</summary>
public sealed record SnapshotFile
{
    /// <summary>Of what moment it is: when the backup began, or what the person who made it said.</summary>
    public required GoTime Time { get; init; }

    /// <summary>The snapshot that it was compared with.</summary>
    public ObjectId? Parent { get; init; }

    /// <summary>The root folder. A null one is no snapshot.</summary>
    public required ObjectId Tree { get; init; }

    /// <summary>What was backed up. Paths that are not UTF-8 have lost what was not; the trees have them right.</summary>
    public required IReadOnlyList<string> Paths { get; init; }

    public string Hostname { get; init; } = "";

    public string Username { get; init; } = "";

    public uint UserId { get; init; }

    public uint GroupId { get; init; }

    public IReadOnlyList<string> Excludes { get; init; } = [];

    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The first of the snapshots that this one was rewritten from, as by a change of tags.</summary>
    public ObjectId? Original { get; init; }

    /// <summary>What wrote it: restic since 0.17 says "restic 0.17.0".</summary>
    public string ProgramVersion { get; init; } = "";

    public SnapshotSummary? Summary { get; init; }

    public UnknownFields Unknown { get; init; } = new();

    /// <exception cref="VaultException"><see cref="VaultFault.Damaged"/>.</exception>
    public static SnapshotFile Parse(ReadOnlySpan<byte> json) => SnapshotText.Parse(json);

    public byte[] Write() => SnapshotText.Write(this);
}
