using Kedge.Journal;
using Kedge.Journal.Events;
using Kedge.Plan.Model;

namespace Kedge.Recover.Run;

/// <summary>All runs, folded from the journal.</summary>
public sealed class RunBook : IFold
{
    private readonly Dictionary<RunId, RunState> runs = [];
    private readonly List<RunState> inOrder = [];

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<RunState> Runs => inOrder;

    /// <summary>Runs that are not over, the commit window apart.</summary>
    public IEnumerable<RunState> Live => inOrder.Where(r => r.Live);

    public RunState? Find(RunId run) => runs.GetValueOrDefault(run);

    /// <summary>The name that the next run gets.</summary>
    public RunId NextId => new($"run-{inOrder.Count + 1}");

    /// <summary>Another run under way that concerns one of a run's services, dry ones apart; null where none does.</summary>
    public RunState? Besides(RunState run) => Live.FirstOrDefault(r =>
        r != run && !r.Planned.DryRun && r.Plan.Moves.Any(m => run.Plan.Moves.Any(o => o.Service == m.Service)));

    /// <summary>The oldest run that has moved one of these services and waits for its commit; null where none does.</summary>
    public RunState? WaitingForCommit(IEnumerable<ServiceName> services) => inOrder.FirstOrDefault(r =>
        r.Status is RunStatus.AwaitingCommit && r.Plan.Moves.Any(m => services.Contains(m.Service)));

    /// <summary>Whether a switchover or failback that concerns one of these services has acted, and ended after that time.</summary>
    public bool HasPlannedMoveActedSince(DateTimeOffset time, IEnumerable<ServiceName> services) => inOrder.Any(r =>
        r.Planned is { DryRun: false, Kind: RunKind.Switchover or RunKind.Failback }
        && r.CompletedAt > time
        && r.Plan.Moves.Any(m => services.Contains(m.Service))
        && r.Steps.Any(s => s.Attempts > 0));

    public void Apply(JournalEntry entry)
    {
        if (entry.Event is RunPlanned planned)
        {
            var run = new RunState(planned, entry.At);
            runs.Add(planned.Run, run);
            inOrder.Add(run);
            return;
        }

        if (RunOf(entry.Event) is { } id && runs.TryGetValue(id, out var known))
        {
            Apply(known, entry);
        }
    }

    private static RunId? RunOf(JournalEvent what) => what switch
    {
        RunApproved e => e.Run,
        RunDeclined e => e.Run,
        LossAccepted e => e.Run,
        RunStarted e => e.Run,
        StepClaimed e => e.Run,
        StepTakenOver e => e.Run,
        StepActing e => e.Run,
        EpochTaken e => e.Run,
        StepActed e => e.Run,
        StepVerified e => e.Run,
        StepFailed e => e.Run,
        StepWaits e => e.Run,
        StepConfirmed e => e.Run,
        StepRetried e => e.Run,
        StepSkipped e => e.Run,
        RunPaused e => e.Run,
        RunResumed e => e.Run,
        ServiceServing e => e.Run,
        LossMeasured e => e.Run,
        RunCompleted e => e.Run,
        RunCommitted e => e.Run,
        RunRolledBack e => e.Run,
        RunAborted e => e.Run,
        _ => null,
    };

    private static void Apply(RunState run, JournalEntry entry)
    {
        var before = run.Status;
        switch (entry.Event)
        {
            case RunApproved e:
                run.Approvals.Add(e);
                break;
            case RunDeclined e:
                (run.Status, run.Because, run.DeclinedBy, run.CompletedAt) = (RunStatus.Declined, e.Comment, e.By, entry.At);
                break;
            case LossAccepted e:
                run.Accepted.Add(e.Component);
                break;
            case RunStarted:
                (run.Status, run.StartedAt) = (RunStatus.Running, entry.At);
                break;
            case RunPaused e:
                (run.Status, run.Because) = (RunStatus.Paused, e.Because);
                break;
            case RunResumed:
                (run.Status, run.Because) = (RunStatus.Running, null);
                break;
            case EpochTaken e:
                run.Epochs[e.Component] = e.Epoch;
                break;
            case ServiceServing e:
                run.Serving.TryAdd(e.Service, e.At);
                run.ServingAt = run.Serving.Count == run.Plan.Moves.Count ? run.Serving.Values.Max() : null;
                break;
            case LossMeasured e:
                run.Losses[e.Component] = e.Loss;
                break;
            case RunCompleted e:
                (run.Status, run.CompletedAt) = (e.CommitPending ? RunStatus.AwaitingCommit : RunStatus.Completed, entry.At);
                break;
            case RunCommitted:
                run.Status = RunStatus.Committed;
                break;
            case RunRolledBack e:
                (run.Status, run.Because) = (RunStatus.RolledBack, $"taken back by {e.Rollback}");
                break;
            case RunAborted e:
                (run.Status, run.Because, run.CompletedAt) = (RunStatus.Aborted, e.Reason, entry.At);
                break;
            default:
                StepFold.Apply(run, entry);
                break;
        }

        if (run.Status != before)
        {
            run.Since = entry.At;
        }
    }
}
