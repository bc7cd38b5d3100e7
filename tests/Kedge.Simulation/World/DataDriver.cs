using System.Globalization;
using Kedge.Drivers;
using Kedge.Plan.Contracts;
using Kedge.Recover.Fence;
using Kedge.Simulation.Kernel;
using Kedge.Simulation.Laws;

namespace Kedge.Simulation.World;

/// <summary>The simulated data store as one process reaches it.</summary>
internal sealed class DataDriver : IDriver, IDataStore
{
    public const string Kind = "data";

    private readonly SimulatedWorld world;
    private readonly SimulatedProcess process;
    private readonly Parts parts;

    public DataDriver(SimulatedWorld world, WorldLaw law, ActLaw acts, SimulatedProcess process, IInstanceGuards guards, Parts parts)
    {
        (this.world, this.process, this.parts) = (world, process, parts);
        var actions = new Dictionary<string, IDriverAction>
        {
            ["prepare"] = new PrepareData(world, acts, process),
            ["stop"] = new StopData(world, acts, process),
            ["take-over"] = new TakeOverData(world, law, acts, process),
            ["fence"] = new FenceData(world, acts, process),
            ["promote"] = new PromoteData(world, law, acts, process, this),
            ["rejoin"] = new RejoinData(world, law, acts, process),
            ["resume"] = new ResumeData(world, law, acts, process),
        };
        Actions = actions.ToDictionary(a => a.Key, a => parts.Action(a.Value, guards));
    }

    public DriverContract Contract => DataContract.Contract;

    public IReadOnlyDictionary<string, IDriverAction> Actions { get; }

    public static DataCopy CopyOf(SimulatedWorld world, InstanceContext instance) => world.Stores[instance.Id.Component].At(instance.Id.Site);

    public string? GuardFolder(InstanceContext instance) => null;

    public bool IsWithinReach(InstanceContext instance) => !world.OutOfReach.Contains(instance.Id.Site);

    public Task<InstanceObservation> ObserveAsync(InstanceContext instance, CancellationToken cancellation)
    {
        var copy = CopyOf(world, instance);
        return copy is { Hung: true, Up: true } || !copy.Powered
            ? Operations.HangAsync<InstanceObservation>(cancellation)
            : Look(() => new InstanceObservation
            {
                State = copy.Up ? InstanceState.Running : InstanceState.Stopped,
                Role = !copy.Up ? DataRole.None : copy.IsPrimary ? DataRole.Writable : DataRole.Standby,
                Summary = copy.Up ? "it runs" : "it is stopped",
            }, cancellation);
    }

    public async Task<Watermark> MarkAsync(InstanceContext active, Marker marker, CancellationToken cancellation)
    {
        var copy = CopyOf(world, active);
        var store = world.Stores[active.Id.Component];
        var readAt = world.Scheduler.Now;
        if (copy.Hung || !copy.Powered || !copy.TakesMarkers)
        {
            await Operations.HangAsync<bool>(cancellation);
        }

        var position = await world.Operations.AskAsync(process, Moment(), () => copy.AcceptsWrites && copy.Answers
            ? store.Append(copy, EntryKind.Marker, marker.Sequence, marker.Epoch, active.Id.Site) is var _ ? copy.Log.Count : 0
            : throw new DriverException($"{copy.Id} takes no marker: it is {(copy.Up ? "a standby" : "down")}"), 0.5, cancellation);

        // Where commits wait, the marker counts as synchronous once the standby is seen to have it.
        await Task.Delay(TimeSpan.FromMilliseconds(copy.CommitsWait ? 40 : 1), process.Clock, cancellation);
        var standby = store.Copies.FirstOrDefault(c => c.Follows(copy));
        return new(
            marker.Component, active.Id.Site, marker.Epoch, position.ToString(CultureInfo.InvariantCulture), marker.Sequence, marker.At, readAt,
            copy.Answers && copy.CommitsWait && standby is not null && standby.Log.Count >= position,
            standby?.Log.Count.ToString(CultureInfo.InvariantCulture));
    }

    public Task<LossReading> ExpectLossAsync(
        InstanceContext target, Watermark? lastKnown, DateTimeOffset? outage, CancellationToken cancellation)
    {
        var copy = CopyOf(world, target);
        return copy is { Hung: true, Up: true } || !copy.Powered
            ? Operations.HangAsync<LossReading>(cancellation)
            : Look(() => parts.Loss(copy.Up ? DataLoss.Expect(copy, lastKnown, outage, world.Scheduler.Now) : LossReading.Unknown($"{copy.Id} is down")), cancellation);
    }

    public Task<LossReading> MeasureLossAsync(
        InstanceContext recovered, InstanceContext? old, Watermark? lastKnown, DateTimeOffset outage, CancellationToken cancellation) =>
        Look(() => CopyOf(world, recovered) is { Answers: true } copy
            ? DataLoss.Measure(copy, old is null ? null : CopyOf(world, old), lastKnown, outage)
            : LossReading.Unknown($"{recovered.Id} does not answer"), cancellation);

    public Task<string?> WrittenSincePromotionAsync(InstanceContext active, CancellationToken cancellation) =>
        Look(() => DataLoss.WrittenSincePromotion(CopyOf(world, active)), cancellation);

    public Task<long?> EpochInDataAsync(InstanceContext instance, CancellationToken cancellation) =>
        Look(() => CopyOf(world, instance) is { Answers: true } copy ? copy.EpochRow?.Epoch : null, cancellation);

    private Task<T> Look<T>(Func<T> look, CancellationToken cancellation)
    {
        var blinks = world.Scheduler.Dice.NextDouble() < world.Temper.Blink;
        return world.Operations.LookAsync(
            process, Moment(), () => blinks ? throw SimulatedAction.Blink(world.Scheduler.Dice) : look(), cancellation);
    }

    private TimeSpan Moment() => TimeSpan.FromMilliseconds(world.Scheduler.Dice.Next(0, 4));
}
