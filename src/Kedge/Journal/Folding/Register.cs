using Kedge.Journal.Events;
using Kedge.Plan.Model;

namespace Kedge.Journal.Folding;

/// <summary>
/// What every room must know and none owns: which plan is in force, who leads, where each service is active, and the
/// epoch of each data store.
/// </summary>
public sealed class Register : IFold
{
    private readonly Dictionary<ServiceName, SiteName> activeSites = [];
    private readonly Dictionary<ComponentId, EpochHolding> epochs = [];

    /// <summary>Random name of the journal; null before its first event.</summary>
    public string? Journal { get; private set; }

    /// <summary>Null before a plan was adopted.</summary>
    public PlanAdopted? Plan { get; private set; }

    /// <summary>Who leads; null when nobody does.</summary>
    public NodeIdentity? Leader { get; private set; }

    /// <summary>The newest leader's term; 0 before the first.</summary>
    public long Term { get; private set; }

    /// <summary>The newest entry taken in.</summary>
    public JournalHead Head { get; private set; } = JournalHead.Empty;

    public IReadOnlyDictionary<ComponentId, EpochHolding> Epochs => epochs;

    /// <summary>Where the service is active: its primary site until something moved it.</summary>
    public SiteName ActiveSite(Service service) =>
        activeSites.TryGetValue(service.Name, out var site) ? site : service.Primary;

    /// <summary>0 where no move ever took one.</summary>
    public long Epoch(ComponentId component) => epochs.TryGetValue(component, out var holding) ? holding.Epoch : 0;

    public void Apply(JournalEntry entry)
    {
        Head = new(entry.Position, entry.Hash);
        switch (entry.Event)
        {
            case JournalOpened opened:
                Journal = opened.Journal;
                break;
            case PlanAdopted adopted:
                Plan = adopted;
                break;
            case LeadershipTaken taken:
                Leader = taken.Node;
                Term = taken.Term;
                break;
            case LeadershipReleased released when released.Term == Term:
                Leader = null;
                break;
            case EpochTaken taken:
                epochs[taken.Component] = new(taken.Epoch, taken.Site, taken.Run);
                break;
            case ActiveSiteChanged change:
                activeSites[change.Service] = change.Site;
                break;
        }
    }
}

/// <summary>The newest epoch of a data store.</summary>
/// <param name="Site">The site that may be writable under it.</param>
/// <param name="Run">The run that took it.</param>
public sealed record EpochHolding(long Epoch, SiteName Site, RunId Run);
