using Kedge.Plan.Model;
using Kedge.Simulation.Kernel;

namespace Kedge.Simulation.World;

/// <summary>Everything that Kedge looks at and acts on: data stores, application servers, addresses, and whoever gets called by a command.</summary>
internal sealed class SimulatedWorld
{
    public SimulatedWorld(Scheduler scheduler, KedgePlan plan, bool synchronous)
    {
        Scheduler = scheduler;
        Plan = plan;
        Operations = new(scheduler);
        foreach (var service in plan.Services)
        {
            foreach (var component in service.Components)
            {
                switch (component.Driver)
                {
                    case DataDriver.Kind:
                        Stores.Add(component.Id, new(scheduler, component, synchronous));
                        break;
                    case ServerDriver.Kind:
                        foreach (var instance in component.Instances)
                        {
                            Servers.Add(instance.Id, new AppServer(instance.Id) { Up = instance.Id.Site == service.Primary });
                        }

                        break;
                    case AddressDriver.Kind:
                        Addresses.Add(component.Id, service.Primary);
                        break;
                }
            }
        }
    }

    public Scheduler Scheduler { get; }

    public Operations Operations { get; }

    public KedgePlan Plan { get; }

    /// <summary>How often things go wrong.</summary>
    public Temper Temper { get; set; } = Temper.Calm;

    public Dictionary<ComponentId, DataStore> Stores { get; } = [];

    public Dictionary<InstanceId, AppServer> Servers { get; } = [];

    /// <summary>Where each address leads.</summary>
    public Dictionary<ComponentId, SiteName> Addresses { get; } = [];

    /// <summary>Sites that no node can act at, although their instances run.</summary>
    public HashSet<SiteName> OutOfReach { get; } = [];

    public IEnumerable<DataCopy> CopiesAt(SiteName site) => Stores.Values.SelectMany(s => s.Copies).Where(c => c.Id.Site == site);

    public IEnumerable<AppServer> ServersAt(SiteName site) => Servers.Values.Where(s => s.Id.Site == site);

    /// <summary>Whether a request that arrives at a site is served there; says why not.</summary>
    public bool Serves(Service service, SiteName site, out string why, out DataCopy? copy)
    {
        copy = null;
        foreach (var component in service.Components.Where(c => c.Driver == ServerDriver.Kind))
        {
            if (!Servers[new(component.Id, site)].Answers)
            {
                why = $"{component.Id}@{site} does not answer";
                return false;
            }

            foreach (var need in component.Needs)
            {
                var store = Stores[new(service.Name, need.Component)];
                copy = need.AcrossSites ? store.Copies.Where(c => c.AcceptsWrites && c.Answers).OrderBy(c => c.ReturnedAt is not null).FirstOrDefault() : store.At(site);
                if (copy is not { AcceptsWrites: true, Answers: true })
                {
                    why = $"{store.Id} cannot be written from {site}";
                    return false;
                }
            }
        }

        why = "served";
        return true;
    }

    public void PowerOff(SiteName site)
    {
        Note($"{site} loses its power");
        foreach (var copy in CopiesAt(site))
        {
            Stores[copy.Id.Component].Crash(copy);
            copy.Powered = false;
        }

        foreach (var server in ServersAt(site))
        {
            (server.Up, server.Hung, server.Powered) = (false, false, false);
        }
    }

    public void PowerOn(SiteName site)
    {
        foreach (var copy in CopiesAt(site).Where(c => c.UnpluggedUntil <= Scheduler.Elapsed))
        {
            copy.Powered = true;
        }

        foreach (var server in ServersAt(site))
        {
            server.Powered = true;
        }
    }

    public void Note(string what)
    {
        if (Scheduler.Trace.On)
        {
            Scheduler.Trace.Add(Scheduler.Elapsed, $"world: {what}");
        }
    }
}

/// <summary>An application server at one site.</summary>
internal sealed class AppServer(InstanceId id)
{
    public InstanceId Id { get; } = id;

    public bool Up { get; set; }

    public bool Hung { get; set; }

    public bool Powered { get; set; } = true;

    public bool Answers => Powered && Up && !Hung;
}

/// <summary>How likely an act or a look goes wrong, 0 to 1.</summary>
/// <param name="Refused">An act fails without effect, and says so.</param>
/// <param name="HalfDone">An act is cut off with or without its effect, and nobody knows.</param>
/// <param name="Hangs">An act never returns.</param>
/// <param name="Blink">A look fails although there is nothing wrong.</param>
internal sealed record Temper(double Refused, double HalfDone, double Hangs, double Blink)
{
    public static Temper Calm { get; } = new(0, 0, 0, 0);
}
