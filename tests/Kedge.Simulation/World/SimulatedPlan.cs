using Kedge.Plan.Contracts;
using Kedge.Plan.Model;

namespace Kedge.Simulation.World;

/// <summary>Draws plans: one or two services of a data store, an application server and an address, with steps of their own.</summary>
internal static class SimulatedPlan
{
    public static SiteName East { get; } = new("east");

    public static SiteName West { get; } = new("west");

    private static readonly SiteName Hill = new("hill");

    private static readonly RunKind[] Moves = [RunKind.Failover, RunKind.Switchover, RunKind.Failback];

    public static KedgePlan Draw(Random dice, bool synchronous, bool remote)
    {
        SiteName[] sites = !synchronous && dice.Next(6) == 0 ? [East, West, Hill] : [East, West];
        var services = new List<Service> { Draw(dice, "orders", sites, []) };
        if (dice.Next(3) == 0)
        {
            services.Add(Draw(dice, "catalogue", sites, []));
            if (dice.Next(2) == 0)
            {
                services[0] = services[0] with { Needs = [services[1].Name] };
            }
        }

        return new()
        {
            Name = "Simulated",
            Version = new(new string('5', 64)),
            Sites = [.. sites.Select(s => new Site(s, s.Value, false, [], remote && dice.Next(2) == 0 ? ["cut-power", s.Value] : null))],
            Services = services,
            People = [new("Ann", "ann", ["decides"], new Dictionary<string, string>()), new("Ben", "ben", ["decides"], new Dictionary<string, string>())],
            Decision = new(
                ["decides"],
                dice.Next(4) == 0 ? 2 : 1,
                dice.Next(2) == 0 ? TimeSpan.FromSeconds(dice.Next(1, 20)) : null,
                dice.Next(2) == 0 ? AfterDeadline.Proceed : AfterDeadline.Escalate),
            Risks = [],
            MarkerEvery = TimeSpan.FromSeconds(1),
        };
    }

    private static Service Draw(Random dice, string name, SiteName[] sites, IReadOnlyList<ServiceName> needs)
    {
        var service = new ServiceName(name);
        var across = dice.Next(3) == 0;
        return new()
        {
            Name = service,
            Title = name,
            Primary = sites[0],
            Recovery = sites[1..],
            Objectives = new(TimeSpan.FromHours(1), dice.Next(5) == 0 ? null : TimeSpan.FromSeconds(dice.Next(2, 30)), null, null),
            Needs = needs,
            Components =
            [
                Component(service, "database", DataDriver.Kind, sites, [], OptionValues.None),
                Component(service, "web", ServerDriver.Kind, sites, [new("database", across)], OptionValues.None),
                Component(service, "address", AddressDriver.Kind, sites, [new("web", false)], Options(("ttl", TimeSpan.FromSeconds(1)))),
            ],
            Checks =
            [
                new()
                {
                    Name = "page",
                    Driver = ProbeDriver.Kind,
                    At = sites.ToDictionary(s => s, s => Options(("service", name), ("site", s.Value))),
                    Every = TimeSpan.FromSeconds(1),
                    Timeout = TimeSpan.FromSeconds(1),
                    Confirmations = 2,
                    ConfirmEvery = TimeSpan.FromMilliseconds(250),
                },
            ],
            Steps = [.. Steps(dice)],
            Decision = null,
            CommitAfter = dice.Next(3) == 0 ? TimeSpan.FromSeconds(dice.Next(2, 30)) : null,
        };
    }

    private static IEnumerable<CustomStep> Steps(Random dice)
    {
        if (dice.Next(3) == 0)
        {
            yield return Step("tell-bank", dice, CommandDriver.Kind, Options(("run", (IReadOnlyList<string>)["tell-bank"])));
        }

        if (dice.Next(6) == 0)
        {
            yield return Step("warm-cache", dice, CommandDriver.Kind, Options(("run", (IReadOnlyList<string>)["warm-cache"]), ("safe-to-repeat", true)));
        }

        if (dice.Next(5) == 0)
        {
            yield return Step("call-warehouse", dice, "manual", Options(("instruction", "Call the warehouse.")));
        }
    }

    private static CustomStep Step(string name, Random dice, string driver, OptionValues options)
    {
        Phase[] phases = [Phase.Fence, Phase.Stop, Phase.Promote, Phase.Start, Phase.Switch, Phase.Verify];
        return new()
        {
            Name = name,
            Before = dice.Next(2) == 0,
            Phase = phases[dice.Next(phases.Length)],
            Kinds = Moves,
            Driver = driver,
            Options = options,
        };
    }

    private static Component Component(
        ServiceName service, string name, string driver, SiteName[] sites, IReadOnlyList<Dependency> needs, OptionValues options)
    {
        var id = new ComponentId(service, name);
        return new()
        {
            Id = id,
            Title = name,
            Driver = driver,
            Needs = needs,
            Redundancy = 1,
            Instances = [.. sites.Select(s => new Instance(new(id, s), options))],
        };
    }

    private static OptionValues Options(params (string Name, object Value)[] values) => new(values.ToDictionary(v => v.Name, v => v.Value));
}
