using Kedge.Drivers;
using Kedge.Plan.Contracts;
using Kedge.Plan.Model;
using Kedge.Simulation.Kernel;

namespace Kedge.Simulation.World;

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
