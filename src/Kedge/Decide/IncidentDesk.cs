using Kedge.Journal.Events;
using Kedge.Journal.Folding;
using Kedge.Plan.Model;

namespace Kedge.Decide;

/// <summary>
/// Opens, extends and closes incidents from what the journal says about services: pure decisions on the folds; the
/// leader appends them.
/// </summary>
public sealed class IncidentDesk(KedgePlan plan, Register register, IncidentBook incidents)
{
    /// <summary>How long unconfirmed failures may hold up the classification.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(2);

    /// <summary>What to append now; empty where there is nothing to decide.</summary>
    /// <param name="downs">Services that are down.</param>
    /// <param name="isSuspect">Whether a service fails, unconfirmed.</param>
    /// <param name="isMoving">Whether a run moves a service: then its failures are part of that run.</param>
    public IReadOnlyList<JournalEvent> Decide(
        IReadOnlyCollection<ServiceDown> downs, Func<ServiceName, bool> isSuspect, Func<ServiceName, bool> isMoving, DateTimeOffset now)
    {
        var events = new List<JournalEvent>();
        var next = incidents.NextId;
        foreach (var site in downs.Where(d => IsNews(d, isMoving)).GroupBy(d => d.Site))
        {
            var active = plan.Services.Where(s => register.ActiveSite(s) == site.Key).Select(s => s.Name).ToList();
            var down = site.Select(d => d.Service).ToList();
            var suspect = active.Except(down).Where(isSuspect).ToList();
            var since = site.Min(d => d.Since);
            var confirmed = site.Min(d => d.Evidence[^1].At);
            if (Classification.Of(site.Key, active, down, suspect, now - confirmed > Patience) is { } found)
            {
                events.Add(new IncidentOpened(next, found.Scenario, site.Key, found.Services, since, now, found.Because));
                next = new($"incident-{incidents.Incidents.Count + 1 + events.Count}");
            }
        }

        events.AddRange(incidents.Open.Where(i => i.Runs.Count == 0 && i.Services.All(s => !downs.Any(d => d.Service == s)))
            .Select(i => new IncidentClosed(i.Id, "its services came up again by themselves", "kedge")));
        return events;
    }

    /// <summary>When an unconfirmed classification is decided without waiting on; null where nothing waits.</summary>
    public DateTimeOffset? PatienceEnds(IReadOnlyCollection<ServiceDown> downs, Func<ServiceName, bool> isMoving)
    {
        var news = downs.Where(d => IsNews(d, isMoving)).ToList();
        return news.Count == 0 ? null : news.Min(d => d.Evidence[^1].At) + Patience + TimeSpan.FromMilliseconds(1);
    }

    private bool IsNews(ServiceDown down, Func<ServiceName, bool> isMoving) =>
        plan.FindService(down.Service) is { } service
        && register.ActiveSite(service) == down.Site
        && !isMoving(down.Service)
        && !incidents.Open.Any(i => i.Services.Contains(down.Service));
}
