using Kedge.Vault.Check;
using Kedge.Vault.Format;

namespace Kedge.Vault.Copy;

/// <summary>What was copied.</summary>
public sealed record CopyOutcome
{
    /// <summary>The oldest first.</summary>
    public required IReadOnlyList<CopiedSnapshot> Copied { get; init; }

    /// <summary>Snapshots that the target had already, as copies of an earlier time.</summary>
    public required IReadOnlyList<CopiedSnapshot> Skipped { get; init; }

    /// <summary>Snapshots that were not copied, because something of them is lost in the source, and what. Everything else of
    /// them is in the target.</summary>
    public required IReadOnlyList<SnapshotHits> Damaged { get; init; }

    /// <summary>Snapshot files of the source that cannot be read.</summary>
    public required IReadOnlyList<ObjectId> Unreadable { get; init; }

    /// <summary>Whether both vaults have the same key, so that nothing was compressed or encrypted anew.</summary>
    public required bool SameKey { get; init; }

    /// <summary>Blobs that the target did not have; with a dry run, that it does not have.</summary>
    public required long NewBlobs { get; init; }

    /// <summary>Bytes of them as they stand in the source's packs.</summary>
    public required long NewBytes { get; init; }

    /// <summary>Bytes that were stored in the target.</summary>
    public required long StoredBytes { get; init; }

    public bool IsWhole => Damaged.Count == 0 && Unreadable.Count == 0;
}

/// <summary>A snapshot, and its copy.</summary>
/// <param name="Copy">Null in a dry run.</param>
public sealed record CopiedSnapshot(ObjectId Source, SnapshotFile Snapshot, ObjectId? Copy);
