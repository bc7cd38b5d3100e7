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
