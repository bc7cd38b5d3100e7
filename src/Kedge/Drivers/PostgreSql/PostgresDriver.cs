using Kedge.Drivers.PostgreSql.Actions;
using Kedge.Drivers.PostgreSql.Loss;
using Kedge.Drivers.PostgreSql.Server;
using Kedge.Plan.Contracts;

namespace Kedge.Drivers.PostgreSql;

/// <summary>A PostgreSQL primary and its streaming standby. See README.md in this folder.</summary>
public sealed class PostgresDriver : IDriver, IDataStore, IAsyncDisposable
{
    private readonly PostgresParts parts;
    private readonly Observer observer;
    private readonly MarkerWriter markers;
    private readonly LossMeter losses;

    public PostgresDriver(DriverServices services)
    {
        ArgumentNullException.ThrowIfNull(services);
        parts = PostgresParts.Build(services);
        observer = new(parts);
        markers = new(parts);
        losses = new(parts);
        Actions = new Dictionary<string, IDriverAction>
        {
            ["prepare"] = new PrepareAction(parts),
            ["stop"] = new StopAction(parts),
            ["take-over"] = new TakeOverAction(parts),
            ["fence"] = new FenceAction(parts),
            ["promote"] = new PromoteAction(parts),
            ["rejoin"] = new RejoinAction(parts),
            ["resume"] = new ResumeAction(parts),
        };
    }

    public DriverContract Contract => PostgresContract.Contract;

    public IReadOnlyDictionary<string, IDriverAction> Actions { get; }

    public Task<InstanceObservation> ObserveAsync(InstanceContext instance, CancellationToken cancellation) =>
        observer.ObserveAsync(PostgresInstance.Of(instance), cancellation);

    /// <summary>Beside the data folder, so that it stays when a rebuild replaces that; null for a data folder on another machine.</summary>
    public string? GuardFolder(InstanceContext instance)
    {
        var own = PostgresInstance.Of(instance);
        return Directory.Exists(Path.GetDirectoryName(own.Data)) ? own.SideFolder : null;
    }

    /// <summary>True where its host is this machine and its data folder is here.</summary>
    public bool IsWithinReach(InstanceContext instance)
    {
        var own = PostgresInstance.Of(instance);
        return Directory.Exists(own.Data) && LocalMachine.Is(own.Host);
    }

    public Task<Watermark> MarkAsync(InstanceContext active, Marker marker, CancellationToken cancellation) =>
        markers.MarkAsync(active, marker, cancellation);

    public Task<LossReading> ExpectLossAsync(
        InstanceContext target, Watermark? lastKnown, DateTimeOffset? outage, CancellationToken cancellation) =>
        losses.ExpectAsync(target, lastKnown, outage, cancellation);

    public Task<LossReading> MeasureLossAsync(
        InstanceContext recovered, InstanceContext? old, Watermark? lastKnown, DateTimeOffset outage, CancellationToken cancellation) =>
        losses.MeasureAsync(recovered, old, lastKnown, outage, cancellation);

    public Task<string?> WrittenSincePromotionAsync(InstanceContext active, CancellationToken cancellation) =>
        losses.WrittenSincePromotionAsync(active, cancellation);

    public Task<long?> EpochInDataAsync(InstanceContext instance, CancellationToken cancellation) =>
        losses.EpochInDataAsync(instance, cancellation);

    public ValueTask DisposeAsync() => parts.Connections.DisposeAsync();
}
