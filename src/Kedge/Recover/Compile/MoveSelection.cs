using Kedge.Journal.Events;
using Kedge.Journal.Folding;
using Kedge.Plan.Model;

namespace Kedge.Recover.Compile;

/// <summary>Which services move from where to where, for what an operator or an incident asks.</summary>
public static class MoveSelection
{
    /// <summary>All services that are active at a lost site, each to the first of its other sites that is not lost, or to the one asked for.</summary>
    public static MoveChoice OfSite(KedgePlan plan, Register register, SiteName lost, SiteName? to)
    {
        var moves = new List<Move>();
        var stranded = new List<ServiceName>();
        foreach (var service in plan.Services.Where(s => register.ActiveSite(s) == lost))
        {
            if (Target(service, lost, to) is { } target)
            {
                moves.Add(new(service.Name, lost, target));
            }
            else
            {
                stranded.Add(service.Name);
            }
        }

        return new(moves, stranded);
    }

    /// <summary>The given services, from where they are active.</summary>
    public static MoveChoice OfServices(KedgePlan plan, Register register, IEnumerable<ServiceName> services, SiteName? to)
    {
        var moves = new List<Move>();
        var stranded = new List<ServiceName>();
        foreach (var service in services.Select(plan.FindService).OfType<Service>())
        {
            var from = register.ActiveSite(service);
            if (Target(service, from, to) is { } target)
            {
                moves.Add(new(service.Name, from, target));
            }
            else
            {
                stranded.Add(service.Name);
            }
        }

        return new(moves, stranded);
    }

    private static SiteName? Target(Service service, SiteName from, SiteName? to) => to is { } wanted
        ? service.AllSites.Contains(wanted) && wanted != from ? wanted : null
        : service.AllSites.Cast<SiteName?>().FirstOrDefault(s => s != from);
}

/// <summary>Moves, and the services for which there is no site to go to.</summary>
public sealed record MoveChoice(IReadOnlyList<Move> Moves, IReadOnlyList<ServiceName> Stranded);
