namespace Kedge.Vault.Check;

/// <summary>What a check finds.</summary>
public enum FindingKind
{
    /// <summary>An index file is damaged, forged, or no index.</summary>
    IndexUnreadable,

    /// <summary>Index files say different things of the same pack or blob.</summary>
    IndexContradiction,

    /// <summary>An index file lists packs that others list as well. Harmless.</summary>
    IndexRepeated,

    /// <summary>Snapshots need what is in no index, while there are packs that no index lists. Told before anything of that.</summary>
    IndexIncomplete,

    /// <summary>A pack that the index lists is not in the storage.</summary>
    PackMissing,

    /// <summary>A pack is longer or shorter than its blobs and header.</summary>
    PackLength,

    /// <summary>A pack has another content than its name says, or its header does not open or does not match the index.</summary>
    PackDamaged,

    /// <summary>A pack that no index lists. Harmless: an interrupted backup left it, or one is underway.</summary>
    PackOrphaned,

    /// <summary>Packs are marked for removal, which 'prune' will do. Harmless.</summary>
    PackMarked,

    /// <summary>A blob does not open, does not decompress, or is another than its name says.</summary>
    BlobDamaged,

    /// <summary>A blob that a snapshot needs is in no index, or only in packs that are gone.</summary>
    BlobMissing,

    /// <summary>A tree contradicts itself: names that are none, twice the same, entries of no kind.</summary>
    TreeUnsound,

    /// <summary>A file's size is not that of its contents together.</summary>
    FileSize,

    /// <summary>A snapshot file is damaged, forged, or no snapshot.</summary>
    SnapshotUnreadable,

    /// <summary>A key file is damaged.</summary>
    KeyUnreadable,

    /// <summary>A lock whose holder seems to be dead. Harmless.</summary>
    LockStale,

    /// <summary>A lock file is damaged.</summary>
    LockUnreadable,
}
