using Kedge.Drivers;
using Kedge.Plan.Contracts;
using Kedge.Plan.Model;
using Kedge.Simulation.Kernel;
using Kedge.Simulation.Laws;

namespace Kedge.Simulation.World;

/// <summary>An application server: the same actions, in the same roles, as the process driver.</summary>
internal sealed class ServerDriver(SimulatedWorld world, ActLaw acts, SimulatedProcess process) : IDriver
{
    public const string Kind = "server";

    private static readonly DriverContract Offered = new()
    {
        Kind = Kind,
        Summary = "A simulated application server.",
        Options = [],
        Actions =
        [
            Action("start", ActionRole.Start, [RunKind.Switchover, RunKind.Failover, RunKind.Failback]),
            Action("stop", ActionRole.Stop, [RunKind.Switchover, RunKind.Failback, RunKind.Rollback]),
            Action("stop-old", ActionRole.Fence, [RunKind.Failover]) with { Required = false, Attempts = 1, Timeout = TimeSpan.FromSeconds(3) },
            Action("resume", ActionRole.Resume, [RunKind.Rollback]),
            Action("make-dormant", ActionRole.Reprotect, [RunKind.Reprotect]),
        ],
    };

    public DriverContract Contract => Offered;

    public IReadOnlyDictionary<string, IDriverAction> Actions { get; } = new Dictionary<string, IDriverAction>
    {
        ["start"] = new TurnServer(world, acts, process, "start", up: true),
        ["stop"] = new TurnServer(world, acts, process, "stop", up: false),
        ["stop-old"] = new TurnServer(world, acts, process, "stop-old", up: false),
        ["resume"] = new TurnServer(world, acts, process, "resume", up: true),
        ["make-dormant"] = new TurnServer(world, acts, process, "make-dormant", up: false),
    };

    public Task<InstanceObservation> ObserveAsync(InstanceContext instance, CancellationToken cancellation) =>
        Task.FromResult(new InstanceObservation { State = world.Servers[instance.Id].Up ? InstanceState.Running : InstanceState.Stopped, Summary = "seen" });

    public string? GuardFolder(InstanceContext instance) => null;

    private static ActionContract Action(string name, ActionRole role, IReadOnlyList<RunKind> kinds) => new()
    {
        Name = name,
        Role = role,
        Kinds = kinds,
        Title = $"{name} {{component}} at {{site}}",
        Why = "It is part of the order.",
        SafeToRepeat = true,
        Estimate = TimeSpan.FromMilliseconds(300),
        Timeout = TimeSpan.FromSeconds(15),
    };
}

internal sealed class TurnServer(SimulatedWorld world, ActLaw acts, SimulatedProcess process, string name, bool up)
    : SimulatedAction(world, acts, process, name)
{
    protected override Judgement Look(StepContext step)
    {
        var server = World.Servers[step.Instance!.Id];
        return (up ? server.Answers : server.Powered && !server.Up) ? Judgement.Done(up ? "it answers" : "it is stopped")
            : server.Powered ? Judgement.NotYet(up ? "it does not answer" : "it runs")
            : Judgement.NotYet("its machine does not answer");
    }

    protected override async Task<string> DoAsync(StepContext step, CancellationToken cancellation)
    {
        var server = World.Servers[step.Instance!.Id];
        if (!server.Powered)
        {
            throw new DriverException($"the machine of {server.Id} does not answer", "power it on");
        }

        await StageAsync(20, 400, () => (server.Up, server.Hung) = (up && server.Powered, false), cancellation);
        return up ? "started" : "stopped";
    }
}

/// <summary>An address that leads to one site: the same action as the DNS driver's.</summary>
internal sealed class AddressDriver(SimulatedWorld world, ActLaw acts, SimulatedProcess process) : IDriver
{
    public const string Kind = "address";

    private static readonly DriverContract Offered = new()
    {
        Kind = Kind,
        Summary = "A simulated address.",
        Shared = true,
        Options = [],
        Actions =
        [
            new()
            {
                Name = "point-here", Role = ActionRole.Switch,
                Kinds = [RunKind.Switchover, RunKind.Failover, RunKind.Failback, RunKind.Rollback],
                Title = "point {component} at {site}", Why = "Customers follow it.", SafeToRepeat = true, SettlesAfter = "ttl",
                Estimate = TimeSpan.FromMilliseconds(50), Timeout = TimeSpan.FromSeconds(10),
            },
        ],
    };

    public DriverContract Contract => Offered;

    public IReadOnlyDictionary<string, IDriverAction> Actions { get; } =
        new Dictionary<string, IDriverAction> { ["point-here"] = new PointAddress(world, acts, process) };

    public Task<InstanceObservation> ObserveAsync(InstanceContext instance, CancellationToken cancellation) =>
        Task.FromResult(new InstanceObservation
        {
            State = world.Addresses[instance.Id.Component] == instance.Id.Site ? InstanceState.Running : InstanceState.Stopped,
            Summary = "seen",
        });

    public string? GuardFolder(InstanceContext instance) => null;

    private sealed class PointAddress(SimulatedWorld world, ActLaw acts, SimulatedProcess process) : SimulatedAction(world, acts, process, "point-here")
    {
        protected override Judgement Look(StepContext step) => World.Addresses[step.Instance!.Id.Component] == step.Instance.Id.Site
            ? Judgement.Done("it leads here") : Judgement.NotYet("it leads elsewhere");

        protected override async Task<string> DoAsync(StepContext step, CancellationToken cancellation)
        {
            await StageAsync(2, 60, () => World.Addresses[step.Instance!.Id.Component] = step.Instance.Id.Site, cancellation);
            return "updated";
        }
    }
}

/// <summary>A command, as a step of the plan's own or to cut a site off. What it does leaves nothing behind to look at.</summary>
internal sealed class CommandDriver(SimulatedWorld world, ActLaw acts, SimulatedProcess process) : IDriver
{
    public const string Kind = "command";

    private static readonly DriverContract Offered = new()
    {
        Kind = Kind,
        Summary = "A simulated command.",
        Options = [],
        Custom = [],
        Actions =
        [
            new()
            {
                Name = "run", Role = ActionRole.Custom, Kinds = [], Title = "run", Why = "The plan asks for it.",
                SafeToRepeat = false, SafeToRepeatWith = "safe-to-repeat",
                Estimate = TimeSpan.FromMilliseconds(100), Timeout = TimeSpan.FromSeconds(10),
            },
        ],
    };

    public DriverContract Contract => Offered;

    public IReadOnlyDictionary<string, IDriverAction> Actions { get; } =
        new Dictionary<string, IDriverAction> { ["run"] = new RunCommand(world, acts, process) };

    public Task<InstanceObservation> ObserveAsync(InstanceContext instance, CancellationToken cancellation) =>
        Task.FromResult(new InstanceObservation { State = InstanceState.Unknown, Summary = "a command is not looked at" });

    public string? GuardFolder(InstanceContext instance) => null;

    private sealed class RunCommand(SimulatedWorld world, ActLaw acts, SimulatedProcess process) : SimulatedAction(world, acts, process, "run")
    {
        protected override Judgement Look(StepContext step) => Judgement.NotYet("a command leaves nothing behind to look at");

        protected override Judgement LookAfterwards(StepContext step) => Judgement.Done("it ended with 0");

        protected override async Task<string> DoAsync(StepContext step, CancellationToken cancellation)
        {
            var run = step.Options.List("run");
            await StageAsync(10, 200, () =>
            {
                if (run[0] == "cut-power")
                {
                    World.PowerOff(new SiteName(run[1]));
                }
            }, cancellation);
            return "exit code 0";
        }
    }
}

/// <summary>Tests a service end to end at a site.</summary>
internal sealed class ProbeDriver(SimulatedWorld world, SimulatedProcess process) : IDriver, IChecker
{
    public const string Kind = "probe";

    private static readonly DriverContract Offered = new() { Kind = Kind, Summary = "A simulated check.", Options = [], Actions = [], Checks = [] };

    public DriverContract Contract => Offered;

    public IReadOnlyDictionary<string, IDriverAction> Actions { get; } = new Dictionary<string, IDriverAction>();

    public Task<CheckResult> CheckAsync(OptionValues options, CancellationToken cancellation)
    {
        var service = world.Plan.FindService(new(options.Text("service")))!;
        var site = new SiteName(options.Text("site"));
        if (world.ServersAt(site).Any(s => s.Id.Component.Service == service.Name && (s.Hung || !s.Powered)))
        {
            return Operations.HangAsync<CheckResult>(cancellation);
        }

        var blinks = world.Scheduler.Dice.NextDouble() < world.Temper.Blink;
        return world.Operations.LookAsync(
            process,
            TimeSpan.FromMilliseconds(world.Scheduler.Dice.Next(1, 10)),
            () => blinks ? throw SimulatedAction.Blink(world.Scheduler.Dice) : new CheckResult(world.Serves(service, site, out var why, out _), why),
            cancellation);
    }

    public Task<InstanceObservation> ObserveAsync(InstanceContext instance, CancellationToken cancellation) =>
        Task.FromResult(new InstanceObservation { State = InstanceState.Unknown, Summary = "it moves no component" });

    public string? GuardFolder(InstanceContext instance) => null;
}
