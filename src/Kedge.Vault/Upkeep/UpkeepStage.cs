namespace Kedge.Vault.Upkeep;

/// <summary>What a check, repair, copy or prune is at.</summary>
public enum UpkeepStage
{
    None,

    /// <summary>Reading index and snapshot files, and listing packs.</summary>
    Loading,

    /// <summary>Reading the folders of snapshots; how many there are is not known before.</summary>
    WalkingTrees,

    /// <summary>Reading the headers of packs.</summary>
    ReadingHeaders,

    /// <summary>Reading packs whole.</summary>
    ReadingPacks,

    /// <summary>Looking which snapshots and files are hit by damage.</summary>
    TracingDamage,

    /// <summary>Copying blobs into new packs.</summary>
    CopyingBlobs,

    /// <summary>Writing snapshots.</summary>
    WritingSnapshots,

    /// <summary>Writing index files, and removing those that they replace.</summary>
    WritingIndex,

    /// <summary>Removing what is not needed any more.</summary>
    Removing,

    Done,
}
