using Kedge.Plan.Contracts;

namespace Kedge.Drivers.Systemd;

/// <summary>Units of systemd: dormant services that a supervisor of their own cares for.</summary>
public sealed class SystemdDriver : IDriver
{
    private readonly UnitLook look;

    public SystemdDriver(DriverServices services)
        : this(new Systemctl(services.Programs, "systemctl", runtimeFolder: null), services.Time)
    {
    }

    internal SystemdDriver(ISystemctl systemctl, TimeProvider time)
    {
        look = new(systemctl);
        var start = new StartUnit(systemctl, look, time);
        var stop = new StopUnit(systemctl, look, time, patience: null);
        Actions = new Dictionary<string, IDriverAction>
        {
            ["start"] = start,
            ["resume"] = start,
            ["stop"] = stop,
            ["stop-old"] = new StopUnit(systemctl, look, time, DormantActions.FencePatience),
            ["make-dormant"] = stop,
        };
    }

    public DriverContract Contract => SystemdContract.Contract;

    public IReadOnlyDictionary<string, IDriverAction> Actions { get; }

    public Task<InstanceObservation> ObserveAsync(InstanceContext instance, CancellationToken cancellation) =>
        look.ObserveAsync(Unit.Of(instance.Options), cancellation);

    public string? GuardFolder(InstanceContext instance) => null;
}
