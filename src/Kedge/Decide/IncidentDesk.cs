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
    /// <param name="isSuspect">Whether a service fails, confirmed or not.</param>
    /// <param name="isMoving">Whether a run moves a service: then its failures are part of that run.</param>
    /// <param name="mayGrow">Whether an open incident may still take further services in: nothing was begun for it yet.</param>
    /// <param name="isSettled">Whether no run of an incident is under way, or waits for anybody.</param>
    public IReadOnlyList<JournalEvent> Decide(
        IReadOnlyCollection<ServiceDown> downs,
        Func<ServiceName, bool> isSuspect,
        Func<ServiceName, bool> isMoving,
        Func<Incident, bool> mayGrow,
        Func<Incident, bool> isSettled,
        DateTimeOffset now)
    {
        var events = new List<JournalEvent>();
        var opened = 0;
        foreach (var site in downs.Where(d => IsNews(d, isMoving)).GroupBy(d => d.Site))
        {
            var growing = incidents.Open.FirstOrDefault(i => i.Opened.Site == site.Key && mayGrow(i));
            var active = plan.Services.Where(s => register.ActiveSite(s) == site.Key).Select(s => s.Name).ToList();
            var down = (growing?.Services ?? []).Union(site.Select(d => d.Service)).Where(active.Contains).ToList();
            var suspect = active.Except(down).Where(isSuspect).ToList();
            var waited = now - site.Min(d => d.Evidence[^1].At);
            if (Classification.Of(site.Key, active, down, suspect, waited > Patience) is not { } found)
            {
                continue;
            }

            events.Add(growing is null
                ? new IncidentOpened(
                    incidents.IdAfter(opened++), found.Scenario, site.Key, found.Services, site.Min(d => d.Since), now, found.Because)
                : new IncidentReclassified(growing.Id, found.Scenario, found.Services, found.Because));
        }

        events.AddRange(incidents.Open.Where(i => isSettled(i) && IsOver(i, downs))
            .Select(i => new IncidentClosed(i.Id, i.Runs.Count == 0 ? "its services came up again by themselves" : "its services serve again", "kedge")));
        return events;
    }

    /// <summary>Whether none of an incident's services is down any more, at whichever site it is active now.</summary>
    public static bool IsOver(Incident incident, IReadOnlyCollection<ServiceDown> downs) =>
        incident.Services.All(s => !downs.Any(d => d.Service == s));

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
        && !incidents.Open.Any(i => i.Opened.Site == down.Site && i.Services.Contains(down.Service));
}
