using Kedge.Journal;
using Kedge.Journal.Events;
using Kedge.Plan.Model;
using Kedge.Recover.Run;

namespace Kedge.Nodes;

/// <summary>Every plan that was ever adopted, read again from the journal when it is asked for.</summary>
/// <param name="read">Reads a plan's canonical text.</param>
public sealed class PlanLibrary(Func<string, KedgePlan> read) : IFold, IPlanLibrary
{
    private readonly Dictionary<PlanVersion, string> sources = [];
    private readonly Dictionary<PlanVersion, KedgePlan> plans = [];

    /// <summary>The version in force; null before one was adopted.</summary>
    public PlanVersion? Newest { get; private set; }

    /// <summary>The plan in force; throws <see cref="InvalidOperationException"/> before one was adopted.</summary>
    public KedgePlan InForce => Newest is { } version ? Get(version) : throw new InvalidOperationException("no plan was adopted yet");

    public KedgePlan Get(PlanVersion version)
    {
        if (!plans.TryGetValue(version, out var plan))
        {
            plans[version] = plan = read(sources[version]);
        }

        return plan;
    }

    /// <summary>Makes a plan known that is not in force, so that what it would lead to can be asked.</summary>
    public void Know(KedgePlan plan) => plans.TryAdd(plan.Version, plan);

    public void Apply(JournalEntry entry)
    {
        if (entry.Event is PlanAdopted adopted)
        {
            sources[adopted.Version] = adopted.Source;
            Newest = adopted.Version;
        }
    }
}
