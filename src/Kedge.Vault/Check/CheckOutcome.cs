using Kedge.Vault.Format;

namespace Kedge.Vault.Check;

/// <summary>What a check found.</summary>
public sealed record CheckOutcome
{
    /// <summary>As many as were wanted at most, in the order in which they were found.</summary>
    public required IReadOnlyList<CheckFinding> Findings { get; init; }

    /// <summary>How many findings are damage.</summary>
    public required long Damages { get; init; }

    /// <summary>How many are merely untidy.</summary>
    public required long Untidy { get; init; }

    /// <summary>The snapshots that cannot be restored whole.</summary>
    public required IReadOnlyList<SnapshotHits> Hits { get; init; }

    /// <summary>Packs that are missing, or in which something is damaged: what 'repair packs' wants.</summary>
    public required IReadOnlyList<ObjectId> DamagedPacks { get; init; }

    public required CheckTotals Totals { get; init; }

    /// <summary>Whether nothing is damaged.</summary>
    public bool IsSound => Damages == 0;
}

/// <summary>How much a check has seen.</summary>
public sealed record CheckTotals
{
    public long Snapshots { get; init; }

    public long Trees { get; init; }

    public long IndexFiles { get; init; }

    public long Packs { get; init; }

    /// <summary>Bytes of all packs in the storage.</summary>
    public long PackBytes { get; init; }

    /// <summary>Blobs in the index, copies in several packs counted each.</summary>
    public long Blobs { get; init; }

    /// <summary>Copies beyond the first.</summary>
    public long RepeatedBlobs { get; init; }

    /// <summary>Blobs that no snapshot needs.</summary>
    public long UnusedBlobs { get; init; }

    /// <summary>Packs that were read byte for byte.</summary>
    public long PacksRead { get; init; }

    public long BytesRead { get; init; }
}
