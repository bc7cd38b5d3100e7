using Kedge.Vault.Format;

namespace Kedge.Vault.Backup;

/// <summary>What to back up, and how.</summary>
public sealed record BackupWanted
{
    /// <summary>Files and folders as paths of bytes, absolute or relative to the working folder.</summary>
    public required IReadOnlyList<byte[]> Paths { get; init; }

    /// <summary>A stream to back up instead of files; it is read once, to its end. <see cref="Paths"/> has the one name that it gets.</summary>
    public Stream? Stream { get; init; }

    /// <summary>The host that the snapshot names.</summary>
    public required string Hostname { get; init; }

    public required string Username { get; init; }

    public uint UserId { get; init; }

    public uint GroupId { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>As the snapshot records them; <see cref="Filter"/> does the work.</summary>
    public IReadOnlyList<string> Excludes { get; init; } = [];

    /// <summary>What is left out; null to leave nothing out.</summary>
    public IPathFilter? Filter { get; init; }

    /// <summary>Files with more bytes are left out; null for any size.</summary>
    public long? LargestFile { get; init; }

    /// <summary>Of folders that hold one of these files nothing else is backed up.</summary>
    public IReadOnlyList<FolderMarker> Markers { get; init; } = [];

    /// <summary>The moment that the snapshot bears; null for now.</summary>
    public DateTimeOffset? Time { get; init; }

    /// <summary>The snapshot whose unchanged files need not be read again; null for none.</summary>
    public (ObjectId Id, SnapshotFile File)? Parent { get; init; }

    /// <summary>Read every file, also those that seem unchanged.</summary>
    public bool ReadAll { get; init; }

    /// <summary>A file may be unchanged although it has another inode: file systems in user space give them out anew.</summary>
    public bool IgnoreInode { get; init; }

    /// <summary>A file may be unchanged although its metadata have changed (ctime).</summary>
    public bool IgnoreChangeTime { get; init; }

    /// <summary>Keep the time of last access; otherwise the time of last change stands in its place, as in restic.</summary>
    public bool WithAccessTime { get; init; }

    /// <summary>Do not leave the file system on which a path stands.</summary>
    public bool OneFileSystem { get; init; }

    /// <summary>Of zstd, -5 to 19; or <see cref="NoCompression"/>.</summary>
    public int CompressionLevel { get; init; } = DefaultCompressionLevel;

    /// <summary>How many threads read and compress; more than there are processors, since reading waits for the disk.</summary>
    public int Threads { get; init; } = Math.Clamp(2 * Environment.ProcessorCount, 6, 32);

    /// <summary>Where nothing changed since the parent, write no snapshot.</summary>
    public bool SkipIfUnchanged { get; init; }

    /// <summary>Called from any thread for whatever could not be backed up as it was.</summary>
    public Action<BackupProblem>? OnProblem { get; init; }

    /// <summary>Called from any thread for each file that is in the snapshot, with its path for people and its bytes.</summary>
    public Action<BackupAct, string, long>? OnAct { get; init; }

    public BackupProgress Progress { get; init; } = new();

    public const int DefaultCompressionLevel = 1;

    /// <summary>As a level: content of files is stored as it is. Folders are compressed all the same.</summary>
    public const int NoCompression = int.MinValue;
}

/// <summary>Decides what is left out of a backup. Called from many threads.</summary>
public interface IPathFilter
{
    /// <param name="path">Absolute, as bytes.</param>
    bool Excludes(ReadOnlySpan<byte> path, bool isFolder);
}

/// <summary>Something could not be backed up as it was; the backup went on.</summary>
/// <param name="Path">For people: bytes that are no text are shown as \xHH.</param>
/// <param name="What">One line, without the path.</param>
/// <param name="IsLost">Whether it is missing from the snapshot, or merely changed while it was read.</param>
public sealed record BackupProblem(string Path, string What, bool IsLost);

/// <summary>What became of a backup.</summary>
/// <param name="Snapshot">Null where none was written, because nothing had changed.</param>
public sealed record BackupOutcome(ObjectId? Snapshot, SnapshotFile File, long Problems, long IndexFiles);
