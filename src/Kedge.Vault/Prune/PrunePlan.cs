namespace Kedge.Vault.Prune;

/// <summary>What a prune finds, and what it means to do.</summary>
public sealed record PrunePlan
{
    /// <summary>What snapshots need, each blob counted once.</summary>
    public PruneTally Used { get; init; }

    /// <summary>Copies of it beyond the first.</summary>
    public PruneTally Duplicate { get; init; }

    /// <summary>What nobody needs.</summary>
    public PruneTally Unused { get; init; }

    /// <summary>What is copied from packs that are partly needed, or small, into new ones.</summary>
    public PruneTally ToRepack { get; init; }

    /// <summary>What these packs hold beside, and is given up with them.</summary>
    public PruneTally RepackGivesUp { get; init; }

    /// <summary>Packs in which nothing is needed, and that were not marked before.</summary>
    public PruneTally ToMark { get; init; }

    /// <summary>Marked packs whose grace period is not over yet.</summary>
    public PruneTally Waiting { get; init; }

    /// <summary>Marked packs whose grace period is over.</summary>
    public PruneTally ToRemove { get; init; }

    /// <summary>Packs in no index that have been seen for longer than the grace period, or are removed at once.</summary>
    public PruneTally OrphansToRemove { get; init; }

    /// <summary>Packs in no index that are kept for now: a backup may be underway.</summary>
    public PruneTally OrphansWaiting { get; init; }

    /// <summary>Marked packs that a snapshot needs after all, and which stay.</summary>
    public PruneTally ToRevive { get; init; }

    /// <summary>What nobody needs and stays, because it stands in packs that stay.</summary>
    public PruneTally UnusedLeft { get; init; }

    /// <summary>Bytes of packs when all that is planned has been done, the grace period too.</summary>
    public long BytesLeft { get; init; }

    /// <summary>Of <see cref="UnusedLeft"/> in <see cref="BytesLeft"/>, in percent.</summary>
    public double PercentUnusedLeft => BytesLeft == 0 ? 0 : 100.0 * UnusedLeft.Bytes / BytesLeft;
}

/// <param name="Packs">0 where it is only parts of packs.</param>
/// <param name="Blobs">0 where it is not known what packs hold.</param>
/// <param name="Bytes">As they are stored.</param>
public readonly record struct PruneTally(long Packs, long Blobs, long Bytes)
{
    public static PruneTally operator +(PruneTally a, PruneTally b) => a.Plus(b);

    public PruneTally Plus(PruneTally other) => new(Packs + other.Packs, Blobs + other.Blobs, Bytes + other.Bytes);
}
