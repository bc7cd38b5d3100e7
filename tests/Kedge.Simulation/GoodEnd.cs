using Kedge.Plan.Model;
using Kedge.Recover.Run;

namespace Kedge.Simulation;

/// <summary>
/// How an episode has to end: no run is open, every service serves customers at exactly one site, the one that the journal
/// names, its data is protected again, and nothing is left to decide.
/// </summary>
internal sealed class GoodEnd(Episode episode)
{
    private static readonly TimeSpan Recently = TimeSpan.FromSeconds(3);

    private TimeSpan lastLook;
    private bool reached;

    public bool Reached()
    {
        if (episode.Scheduler.Elapsed - lastLook >= TimeSpan.FromSeconds(1))
        {
            lastLook = episode.Scheduler.Elapsed;
            reached = Wrong() is null;
        }

        return reached;
    }

    public string WhatIsWrong() => Wrong() ?? "nothing";

    public void DemandAllData()
    {
        if (episode.Scheduler.Violation is not null)
        {
            return;
        }

        foreach (var service in episode.Setting.Plan.Services)
        {
            foreach (var store in episode.World.Stores.Values.Where(s => s.Id.Service == service.Name))
            {
                episode.WorldLaw.DemandAll(store, store.At(episode.Truth.State.Register.ActiveSite(service)));
            }
        }

        if (episode.SecondPlace.OnDisk is { } kept && kept.Position > episode.Truth.Head.Position)
        {
            episode.Scheduler.Fail("the second place never runs ahead", $"it has {kept.Position}, the journal ends at {episode.Truth.Head.Position}");
        }
    }

    private string? Wrong()
    {
        var state = episode.Truth.State;
        if (state.Plan is null)
        {
            return "no plan was adopted";
        }

        if (state.Runs.Runs.FirstOrDefault(r => r.Live || r.Status is RunStatus.AwaitingCommit) is { } open)
        {
            var steps = open.Steps.Where(s => !s.Over).Select(s => $"{s.Step.Id} {s.Status}{(s.Failure is { } f ? $" ({f.What})" : "")}");
            return $"{open.Id} ({open.Planned.Kind}) is {open.Status}{(open.Because is { } why ? $" because {why}" : "")}; open: {string.Join(", ", steps)}";
        }

        return state.Plan.Services.Select(s => Wrong(s)).FirstOrDefault(w => w is not null)
            ?? state.Incidents.Open.Select(i => $"{i.Id} is open: {i.Because}").FirstOrDefault()
            ?? state.Health.Downs.Select(d => $"{d.Service} counts as down at {d.Site}").FirstOrDefault();
    }

    private string? Wrong(Service service)
    {
        var site = episode.Truth.State.Register.ActiveSite(service);
        var store = episode.World.Stores[new(service.Name, "database")];
        var address = episode.World.Addresses[new(service.Name, "address")];
        if (!episode.World.Serves(service, site, out var why, out _))
        {
            return $"{service.Name} does not serve at {site}: {why}";
        }

        if (address != site)
        {
            return $"{service.Name}'s address leads to {address}, and it is active at {site}";
        }

        if (store.Copies.FirstOrDefault(c => c.Id.Site != site && c.AcceptsWrites) is { } second)
        {
            return $"{second.Id} accepts writes beside {site}";
        }

        return store.Copies.FirstOrDefault(c => c.Id.Site != site && !c.Follows(store.At(site))) is { } unprotected
                ? $"{unprotected.Id} does not follow {site}"
            : episode.Customers.LastServed(service.Name) is { } served && episode.Scheduler.Elapsed - served < Recently ? null
            : $"no customer of {service.Name} was served lately";
    }
}
