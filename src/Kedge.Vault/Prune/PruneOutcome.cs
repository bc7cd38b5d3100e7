namespace Kedge.Vault.Prune;

/// <summary>What a prune did.</summary>
public sealed record PruneOutcome
{
    /// <summary>What it meant to do; with a dry run all there is.</summary>
    public required PrunePlan Plan { get; init; }

    /// <summary>Packs that are gone.</summary>
    public PruneTally Removed { get; init; }

    /// <summary>Packs that are marked, and taken from the index where nobody was at work who could mind; a prune after the
    /// grace period removes them.</summary>
    public PruneTally Marked { get; init; }

    /// <summary>Packs that were copied from and could not be read whole; they stay. 'check --read-data' says more.</summary>
    public int DamagedPacks { get; init; }

    /// <summary>Who was at work, so that something has to wait for the next prune, as the end of a sentence; null where nobody was.</summary>
    public string? WaitsFor { get; init; }
}
