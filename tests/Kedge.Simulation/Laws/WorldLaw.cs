using Kedge.Drivers;
using Kedge.Plan.Model;
using Kedge.Simulation.Kernel;
using Kedge.Simulation.World;

namespace Kedge.Simulation.Laws;

/// <summary>
/// What holds of the data, whatever happens: never two copies that accept writes, and nothing that a client was told is
/// committed is lost, but for what the journal says was known, or accepted by a person.
/// </summary>
internal sealed class WorldLaw
{
    /// <summary>Customers who are served order again within this time.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private readonly Scheduler scheduler;
    private readonly Truth truth;
    private readonly SimulatedWorld world;
    private readonly Dictionary<ComponentId, List<Acknowledged>> acknowledged = [];

    public WorldLaw(Scheduler scheduler, Truth truth, SimulatedWorld world)
    {
        (this.scheduler, this.truth, this.world) = (scheduler, truth, world);
        foreach (var store in world.Stores.Values)
        {
            acknowledged[store.Id] = [];
            store.Changed += _ => DemandOneWriter(store);
        }
    }

    /// <summary>Orders that were lost, in runs that could say so.</summary>
    public int Lost { get; private set; }

    public int Orders { get; private set; }

    /// <param name="synchronously">Whether the standby was said to have it too.</param>
    public void Acknowledge(ComponentId store, LogEntry order, bool synchronously)
    {
        Orders++;
        acknowledged[store].Add(new(order.Serial, order.At, synchronously));
    }

    public void Promote(SimulatedProcess by, DataStore store, DataCopy copy, StepContext step)
    {
        if (!copy.Answers || !copy.Whole)
        {
            throw new DriverException($"{copy.Id} does not answer", "start it first");
        }

        Note($"{copy.Id} accepts writes from here on ({by}, {step.Run}, epoch {step.Epoch})");
        (copy.IsPrimary, copy.Source, copy.CommitsWait, copy.PromotedAt, copy.PromotedUnder) = (true, null, false, copy.Log.Count, step.Epoch);
        DemandEpoch(copy, step);
        Weigh(store, copy, step);
        store.Touch(copy);
    }

    /// <summary>A stopped primary is started again, to go on as one.</summary>
    public void Start(SimulatedProcess by, DataStore store, DataCopy copy, StepContext step)
    {
        Note($"{copy.Id} is started as the primary again ({by}, {step.Run}, epoch {step.Epoch})");
        (copy.Up, copy.Hung, copy.CommitsWait) = (true, false, false);
        DemandEpoch(copy, step);
        Weigh(store, copy, step);
        store.Touch(copy);
    }

    public void WriteEpoch(DataStore store, DataCopy copy, StepContext step)
    {
        if (!copy.AcceptsWrites || !copy.Answers)
        {
            throw new DriverException($"{copy.Id} does not accept writes", "start it first");
        }

        DemandEpoch(copy, step);
        Weigh(store, copy, step);
        copy.ReturnedAt = null;
        store.Append(copy, EntryKind.Epoch, 0, step.Epoch!.Value, copy.Id.Site);
        store.Touch(copy);
    }

    /// <summary>A copy's data is thrown away, so as to be rebuilt.</summary>
    public void Wipe(DataStore store, DataCopy copy)
    {
        Note($"{copy.Id} is wiped");
        var missing = Missing(store, store.Copies.Where(c => c != copy));
        if (missing.Count > 0)
        {
            scheduler.Fail("nothing acknowledged is lost", $"{copy.Id} is wiped, and only it had {missing.Count} acknowledged orders");
        }

        copy.Log.Clear();
        (copy.Whole, copy.IsPrimary, copy.Up, copy.Hung, copy.PromotedAt, copy.PromotedUnder) = (false, false, false, false, null, null);
        store.Touch(copy);
    }

    /// <summary>A person has a copy rebuilt that went its own way, and so gives up what only it has.</summary>
    public void GiveUp(DataStore store, DataCopy copy)
    {
        var lost = Missing(store, store.Copies.Where(c => c != copy));
        Lost += lost.Count;
        acknowledged[store.Id].RemoveAll(lost.Contains);
    }

    /// <summary>At the end everything that was acknowledged, and not lost in a run that could say so, is at the active site.</summary>
    public void DemandAll(DataStore store, DataCopy active)
    {
        var missing = Missing(store, [active]);
        if (missing.Count > 0)
        {
            scheduler.Fail("nothing acknowledged is lost", $"{missing.Count} acknowledged orders are missing in {active.Id} at the end");
        }
    }

    private List<Acknowledged> Missing(DataStore store, IEnumerable<DataCopy> copies)
    {
        var held = copies.SelectMany(c => c.Log).Select(e => e.Serial).ToHashSet();
        return [.. acknowledged[store.Id].Where(a => !held.Contains(a.Serial))];
    }

    private void DemandOneWriter(DataStore store)
    {
        var writers = store.Copies.Where(c => c.AcceptsWrites).ToList();
        if (writers.Count < 2)
        {
            return;
        }

        // One that came back by itself, where nothing keeps it from starting, is the return watch's to stop.
        if (writers.Count(w => w.ReturnedAt is null) > 1)
        {
            scheduler.Fail(Law.OneWriter, $"{string.Join(" and ", writers.Select(w => w.Id))} accept writes at once");
        }
    }

    private void DemandEpoch(DataCopy copy, StepContext step)
    {
        // A promotion may be on its way when its run is aborted, and come after another run took an epoch for the same site.
        var newest = truth.State.Register.Epochs.GetValueOrDefault(copy.Id.Component);
        if (newest is null || newest.Site != copy.Id.Site || newest.Epoch < step.Epoch)
        {
            scheduler.Fail(
                "an epoch belongs to one site",
                $"{copy.Id} becomes writable under epoch {step.Epoch}, and the newest is {newest?.Epoch.ToString() ?? "none"} of {newest?.Site.Value ?? "nobody"}");
        }
    }

    /// <summary>Sets what a new active copy lacks against what the journal says that it may lack.</summary>
    private void Weigh(DataStore store, DataCopy copy, StepContext step)
    {
        var lost = Missing(store, [copy]);
        if (lost.Count == 0)
        {
            return;
        }

        Lost += lost.Count;
        acknowledged[store.Id].RemoveAll(lost.Contains);
        var run = truth.State.Runs.Find(new(step.Run))!;
        if (run.Planned.Kind is not RunKind.Failover)
        {
            scheduler.Fail("a planned move loses nothing", $"{lost.Count} acknowledged orders are lost by {run.Id} ({run.Planned.Kind})");
            return;
        }

        if (run.Accepted.Contains(store.Id))
        {
            return;
        }

        var time = Span(lost, step.Outage);
        if (lost.Count(a => a.Synchronously) is > 0 and var promised)
        {
            scheduler.Fail(Law.Synchronous, $"{promised} orders that were acknowledged synchronously are lost by {run.Id}");
        }
        else if (step.Rpo is { } rpo && time > rpo && !DroppedOutUnseen(lost, step))
        {
            scheduler.Fail(
                Law.LossAccepted,
                $"{run.Id} loses {lost.Count} orders of {time.TotalSeconds:0.0} s, the RPO of {store.Id} is {rpo.TotalSeconds:0.0} s, and nobody accepted it");
        }
    }

    /// <summary>
    /// The one loss that nobody can know: a primary that was seen synchronous moments before dropped its standby, went on, and
    /// was lost, all out of sight.
    /// </summary>
    private static bool DroppedOutUnseen(List<Acknowledged> lost, StepContext step) =>
        step.LastKnown is { Synchronous: true } seen && lost[0].At >= seen.ReadAt && lost[^1].At - seen.ReadAt <= DataLoss.FreshEnough;

    /// <summary>
    /// From the first lost order to the last, or to the outage, whichever is later. While nobody was served nothing was lost: a
    /// primary may come back for a moment, long after the outage began and before it is fenced.
    /// </summary>
    private static TimeSpan Span(List<Acknowledged> lost, DateTimeOffset? outage)
    {
        var time = outage - lost[^1].At is { } until && until > TimeSpan.Zero ? until : TimeSpan.Zero;
        foreach (var (order, next) in lost.Zip(lost.Skip(1)))
        {
            var gap = next.At - order.At;
            time += gap < LongestPause ? gap : LongestPause;
        }

        return time;
    }

    private void Note(string what) => world.Note(what);

    private sealed record Acknowledged(long Serial, DateTimeOffset At, bool Synchronously);
}
