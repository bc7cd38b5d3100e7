using Kedge.Drivers;
using Kedge.Plan.Contracts;
using Kedge.Plan.Model;
using Kedge.Simulation.Kernel;
using Kedge.Simulation.Laws;

namespace Kedge.Simulation.World;

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
