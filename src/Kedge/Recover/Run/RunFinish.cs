using Kedge.Drivers;
using Kedge.Journal;
using Kedge.Journal.Events;
using Kedge.Journal.Folding;
using Kedge.Plan.Model;

namespace Kedge.Recover.Run;

/// <summary>What follows a run's last step: measuring what was lost, opening or closing the commit window.</summary>
internal sealed class RunFinish(JournalSession session, Register register, RunBook runs, EngineWorld world)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>When the next commit falls due by itself; null where none does.</summary>
    public DateTimeOffset? NextCommit => runs.Runs.Min(CommitDue);

    /// <summary>Measures the loss and ends the run.</summary>
    public async Task CompleteAsync(RunState run, CancellationToken cancellation)
    {
        var events = new List<JournalEvent>();
        if (!run.Planned.DryRun && LossRun(run) is { } failover)
        {
            foreach (var move in run.Plan.Moves)
            {
                events.AddRange(await MeasureAsync(run, failover, move, cancellation));
            }
        }

        events.Add(new RunCompleted(run.Id, CommitPending: run.Planned is { Kind: RunKind.Failover, DryRun: false }));
        await session.PersistAsync(
            () => Leads && run.Status is RunStatus.Running && RunDecider.IsOver(run) ? [.. events, .. TakenBackBy(run)] : [],
            world.Time,
            cancellation);
    }

    private IEnumerable<RunRolledBack> TakenBackBy(RunState run) => run.Planned is { Kind: RunKind.Rollback, DryRun: false }
        ? runs.Runs.Where(r => r.Status is RunStatus.AwaitingCommit && run.TakesBack(r)).Select(r => new RunRolledBack(r.Id, run.Id, run.Planned.RequestedBy))
        : [];

    /// <summary>Commits what the plan commits by itself.</summary>
    public async Task CommitDueAsync(CancellationToken cancellation)
    {
        foreach (var run in runs.Runs.Where(r => CommitDue(r) <= world.Time.GetUtcNow()).ToList())
        {
            await session.PersistAsync(
                () => Leads && CommitDue(run) is not null ? [new RunCommitted(run.Id, "kedge, as the plan says")] : [],
                world.Time,
                cancellation);
        }
    }

    private bool Leads => register.Leader == world.Me;

    private DateTimeOffset? CommitDue(RunState run)
    {
        if (run.Status is not RunStatus.AwaitingCommit || run.CompletedAt is not { } completed || runs.Besides(run) is not null)
        {
            return null;
        }

        // One service that waits for an operator keeps the whole run open.
        var plan = world.Plans.Get(run.Planned.PlanVersion);
        var waits = run.Plan.Moves.Select(m => plan.FindService(m.Service)!.CommitAfter).ToList();
        return waits.All(w => w is not null) ? completed + waits.Max() : null;
    }

    /// <summary>The failover whose loss this run can tell: itself, or, once the old copy can be read, the one that is being reprotected.</summary>
    private RunState? LossRun(RunState run) => run.Planned.Kind switch
    {
        RunKind.Failover => run,
        RunKind.Reprotect => runs.Runs.LastOrDefault(r => r.Planned.Kind is RunKind.Failover && r.Status is RunStatus.Committed && Overlaps(r, run)),
        _ => null,
    };

    private static bool Overlaps(RunState one, RunState other) =>
        one.Plan.Moves.Select(m => m.Service).Intersect(other.Plan.Moves.Select(m => m.Service)).Any();

    private async Task<IEnumerable<LossMeasured>> MeasureAsync(
        RunState run, RunState failover, Move move, CancellationToken cancellation)
    {
        var measured = new List<LossMeasured>();
        var plan = world.Plans.Get(run.Planned.PlanVersion);
        var recovered = failover.MoveOf(move.Service);
        foreach (var component in plan.FindService(move.Service)!.Components)
        {
            if (world.Drivers.Get(component.Driver) is IDataStore store && component.At(recovered.To) is { } instance)
            {
                var old = run == failover ? null : component.At(recovered.From);
                var reading = await ReadAsync(store, component, instance, old, failover, cancellation);
                measured.Add(new(
                    failover.Id, component.Id, new(reading.Known ? reading.Time : null, reading.Transactions, reading.Estimate, reading.Basis)));
            }
        }

        return measured;
    }

    private async Task<LossReading> ReadAsync(
        IDataStore store, Component component, Instance instance, Instance? old, RunState failover, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(Patience, world.Time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            var lastKnown = await world.Watermarks.FindAsync(new(component.Id, failover.Plan.Moves.First(m => m.Service == component.Id.Service).From), linked.Token);
            return await world.Workplace.RunAsync(() => store.MeasureLossAsync(
                new(component, instance),
                old is null ? null : new(component, old),
                lastKnown,
                StepContexts.OutageOf(failover, component.Id)!.Value,
                linked.Token));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return LossReading.Unknown("the recovered copy did not answer in time");
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return LossReading.Unknown(failure.Message);
        }
    }
}
