namespace Kedge.Demo;

/// <summary>What a demo came to, measured where a customer would. Times that were not come to are null.</summary>
public sealed record DemoOutcome
{
    /// <summary>What the demo promises, and whether it was kept.</summary>
    public IReadOnlyList<(bool Kept, string What)> Promises { get; init; } = [];

    public bool Kept => Promises.Count > 0 && Promises.All(p => p.Kept);

    /// <summary>From the disaster to the incident.</summary>
    public TimeSpan? Detected { get; init; }

    /// <summary>From the disaster to the decision.</summary>
    public TimeSpan? Decided { get; init; }

    /// <summary>From the disaster to the first order that was acknowledged at the other site.</summary>
    public TimeSpan? Rta { get; init; }

    /// <summary>From the first order that was acknowledged and is missing to the disaster; zero where none is.</summary>
    public TimeSpan? Rpa { get; init; }

    /// <summary>Orders acknowledged until the failover was over.</summary>
    public long Acknowledged { get; init; }

    /// <summary>Of those, the ones that the other site's database lacks.</summary>
    public int Missing { get; init; }

    /// <summary>The planned move home; null where it was not come to.</summary>
    public PlannedOutcome? Home { get; init; }

    /// <summary>Attempts to write to both databases.</summary>
    public long WriteAttempts { get; init; }

    /// <summary>Times at which both could be written: must be none.</summary>
    public int Overlaps { get; init; }
}

/// <summary>A planned move, as customers felt it.</summary>
/// <param name="Took">From its beginning until the service was served at its new site.</param>
/// <param name="Silence">Longest time between two acknowledged orders.</param>
/// <param name="Refused">Orders that were refused.</param>
/// <param name="Lost">Orders that were acknowledged and are missing.</param>
public sealed record PlannedOutcome(TimeSpan Took, TimeSpan Silence, long Refused, int Lost);
