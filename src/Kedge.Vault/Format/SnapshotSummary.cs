namespace Kedge.Vault.Format;

/// <summary>What a backup did: restic's since 0.17.</summary>
public sealed record SnapshotSummary
{
    public GoTime BackupStart { get; init; } = GoTime.None;

    public GoTime BackupEnd { get; init; } = GoTime.None;

    public ulong FilesNew { get; init; }

    public ulong FilesChanged { get; init; }

    public ulong FilesUnmodified { get; init; }

    public ulong FoldersNew { get; init; }

    public ulong FoldersChanged { get; init; }

    public ulong FoldersUnmodified { get; init; }

    /// <summary>Blobs that the vault did not have yet.</summary>
    public ulong DataBlobs { get; init; }

    public ulong TreeBlobs { get; init; }

    /// <summary>Their bytes before compression.</summary>
    public ulong DataAdded { get; init; }

    /// <summary>Their bytes in the packs.</summary>
    public ulong DataAddedPacked { get; init; }

    public ulong TotalFilesProcessed { get; init; }

    public ulong TotalBytesProcessed { get; init; }

    public UnknownFields Unknown { get; init; } = new();
}
