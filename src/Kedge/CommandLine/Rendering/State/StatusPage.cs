using Kedge.CommandLine.Rendering.Plans;
using Kedge.CommandLine.Rendering.Runs;
using Kedge.CommandLine.Rendering.Text;
using Kedge.Drivers;
using Kedge.Nodes;

namespace Kedge.CommandLine.Rendering.State;

/// <summary>The status for the terminal.</summary>
public static class StatusPage
{
    public static Page Of(StatusPicture picture, int width)
    {
        ArgumentNullException.ThrowIfNull(picture);
        var page = new Page(width);
        page.Paragraph(Styled.Strong(picture.Plan.Name) + Styled.Quiet($"  plan {picture.Plan.Version.Short}"));
        page.Paragraph(Leader(picture));
        foreach (var notice in picture.Notices)
        {
            page.Paragraph(Styled.Warning(notice));
        }

        Incidents(page, picture);
        Runs(page, picture);
        Services(page, picture);
        Instances(page, picture);
        return page;
    }

    private static Styled Leader(StatusPicture picture) => picture switch
    {
        { Leader: null } => Styled.Warning("no node leads: nobody watches, nobody decides (start one: kedge node)"),
        { LeaderIsDead: true } => Styled.Warning($"no node leads: {picture.Leader} is dead (start one: kedge node)"),
        _ => Styled.Quiet($"node {picture.Leader} leads"),
    };

    private static void Incidents(Page page, StatusPicture picture)
    {
        if (picture.Incidents.Count == 0)
        {
            return;
        }

        page.Heading("Open incidents");
        foreach (var incident in picture.Incidents)
        {
            var since = Figures.Time(picture.Now - incident.Opened.Outage);
            var title = $"{incident.Id}  {Words.Of(incident.Scenario)} at {incident.Opened.Site}";
            var isServedAgain = picture.IsWatched && picture.Services.Where(s => incident.Services.Contains(s.Service.Name)).All(s => s.Down is null);
            page.Paragraph(
                isServedAgain
                    ? Styled.Warning(title) + $", began {since} ago; none of its services is down any more"
                    : Styled.Bad(title) + $", for {since}: {incident.Because}" + (incident.EscalatedAt is null ? "" : Styled.Bad("; nobody decided in time")),
                2);
        }
    }

    private static void Runs(Page page, StatusPicture picture)
    {
        if (picture.Runs.Count == 0)
        {
            return;
        }

        page.Heading("Runs");
        foreach (var run in picture.Runs)
        {
            page.Paragraph(Styled.Strong(run.Id.Value) + $"  {RecoveryPlanTable.Title(run.Plan)}  " + Words.Of(run.Status), 2, "  ");
            page.Table(NextMoves.Table(NextMoves.Of(run, picture.IsWatched).Take(3), indent: 4));
        }
    }

    private static void Services(Page page, StatusPicture picture)
    {
        page.Heading("Services");
        var table = new Table(
        [
            new("Service", Flexible: true),
            new("State", Flexible: true, Narrowest: 8),
            new("Active", Flexible: true, Narrowest: 6),
            new("RTO", Right: true),
            new("Predicted", Right: true),
            new("RPO", Right: true),
            new("Lag", Right: true),
            new("Recovery", Flexible: true, Narrowest: 11),
        ],
            indent: 2);
        foreach (var service in picture.Services)
        {
            var details = Details(service).ToList();
            table.Add(
            [
                Styled.Strong(service.Service.Name.Value),
                State(service, picture),
                service.Active == service.Service.Primary ? service.Active.Value : Styled.Warning($"{service.Active}"),
                Figures.Objective(service.Service.Objectives.Rto),
                Predicted(service),
                Figures.Objective(service.Service.Objectives.Rpo),
                Lag(service),
                Recovery(service.Readiness, picture.Now),
            ],
                details);
        }

        page.Table(table);
        if (picture.Services.Any(s => s.Active != s.Service.Primary))
        {
            page.Paragraph(Styled.Quiet("active away from its primary site: " + Words.List(picture.Services.Where(s => s.Active != s.Service.Primary).Select(s => $"{s.Service.Name} (primary {s.Service.Primary})"))), 2);
        }
    }

    private static Styled State(ServiceStatus service, StatusPicture picture) => service switch
    {
        { MovedBy: { } run } => Styled.Accent($"moving, {run}"),
        { Down: { } down } => Styled.Bad($"DOWN {Figures.Time(picture.Now - down.Since)}"),
        _ when !picture.IsWatched => Styled.Quiet("not watched"),
        { Service.Checks.Count: 0 } => Styled.Quiet("no check"),
        _ => Styled.Good("serving"),
    };

    private static Styled Predicted(ServiceStatus service) => service.Failover is not { } failover ? Styled.Warning("no site")
        : service.Service.Objectives.Rto is { } rto && failover.Time > rto ? Styled.Bad(Figures.Time(failover.Time))
        : Figures.Time(failover.Time);

    private static Styled Lag(ServiceStatus service)
    {
        if (service.Lag.Count == 0)
        {
            return Styled.Quiet("–");
        }

        if (service.Lag.Any(l => l is not { Known: true, Time: not null }))
        {
            return Styled.Bad("UNKNOWN");
        }

        var worst = service.Lag.MaxBy(l => l.Time)!;
        return worst.Refused ? Styled.Bad(Figures.Time(worst.Time!.Value)) : Figures.Time(worst.Time!.Value);
    }

    private static Styled Recovery(Readiness readiness, DateTimeOffset now) => readiness.Kind switch
    {
        ReadinessKind.Verified => Styled.Good($"verified {Figures.Ago(now - readiness.VerifiedAt!.Value)}"),
        ReadinessKind.Stale => Styled.Warning($"STALE, verified {Figures.Ago(now - readiness.VerifiedAt!.Value)}"),
        ReadinessKind.NotReady => Styled.Bad("NOT READY"),
        ReadinessKind.NeverVerified => Styled.Warning("never verified"),
        _ => throw new ArgumentOutOfRangeException(nameof(readiness), readiness.Kind, "unknown readiness"),
    };

    private static IEnumerable<Styled> Details(ServiceStatus service)
    {
        if (service.Down is { } down)
        {
            yield return Styled.Bad($"{down.Evidence[^1].Check}: {down.Evidence[^1].What}");
        }

        foreach (var because in service.Readiness.Because)
        {
            yield return service.Readiness.Kind is ReadinessKind.NotReady ? Styled.Bad(because) : Styled.Quiet(because);
        }

        foreach (var loss in service.Lag.Where(l => l.Refused))
        {
            yield return Styled.Bad($"lag of {loss.Component.Name}: {loss.Basis}");
        }
    }

    private static void Instances(Page page, StatusPicture picture)
    {
        page.Heading("Instances");
        var table = new Table([new("Instance", Flexible: true, Narrowest: 20), new("Driver"), new("State"), new("Role", HideIfEmpty: true), new("Seen", Flexible: true, Narrowest: 20)], indent: 2);
        foreach (var service in picture.Services)
        {
            foreach (var component in service.Service.Components)
            {
                foreach (var instance in component.Instances)
                {
                    var seen = picture.World.Instances.GetValueOrDefault(instance.Id);
                    table.Add([instance.Id.ToString(), component.Driver, State(seen), seen is null ? "" : Words.Of(seen.Role), Styled.Quiet(seen?.Summary ?? "")]);
                }
            }
        }

        page.Table(table);
    }

    private static Styled State(InstanceObservation? seen) => seen switch
    {
        null => Styled.Quiet("not looked at"),
        { Reachable: false } => Styled.Bad("unreachable"),
        { State: InstanceState.Running } => Styled.Good("running"),
        { State: InstanceState.Failing } => Styled.Bad("failing"),
        { State: InstanceState.Unknown } => Styled.Warning("unknown"),
        _ => "stopped",
    };
}
