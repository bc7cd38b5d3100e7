using Kedge.Plan.Contracts;

namespace Kedge.Drivers.Process;

/// <summary>Programs that Kedge itself starts and stops: dormant services of a recovery site.</summary>
public sealed class ProcessDriver : IDriver
{
    private readonly Look look;

    public ProcessDriver(DriverServices services)
    {
        ArgumentNullException.ThrowIfNull(services);
        look = new(services);
        var start = new StartAction(services, look);
        var stop = new StopAction(services, look, longestPolite: null);
        Actions = new Dictionary<string, IDriverAction>
        {
            ["start"] = start,
            ["resume"] = start,
            ["stop"] = stop,
            ["stop-old"] = new StopAction(services, look, DormantActions.FencePatience),
            ["make-dormant"] = stop,
        };
    }

    public DriverContract Contract => ProcessContract.Contract;

    public IReadOnlyDictionary<string, IDriverAction> Actions { get; }

    public Task<InstanceObservation> ObserveAsync(InstanceContext instance, CancellationToken cancellation) =>
        look.ObserveAsync(instance, cancellation);

    public string? GuardFolder(InstanceContext instance) => null;
}
