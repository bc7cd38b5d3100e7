using Kedge.Journal;
using Kedge.Journal.Events;
using Kedge.Plan.Model;
using Kedge.Recover.Run;

namespace Kedge.Nodes;

/// <summary>
/// Journals that a service was proven ready, with the state of the world that it was proven in, once a run has proven it:
/// a move that ended well, or a dry run in which nothing would have failed.
/// </summary>
public sealed class VerificationKeeper(KedgePlan plan, JournalSession session, ControlState state, EngineWorld world)
{
    /// <summary>Works until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var changed = session.Changed;
            if (state.Runs.Runs.Where(Proves).SelectMany(Unrecorded).ToList() is { Count: > 0 } proven)
            {
                var view = await WorldView.ObserveAsync(plan, world, cancellation);
                await session.PersistAsync(
                    () => state.Register.Leader == world.Me
                        ? [.. state.Runs.Runs.Where(Proves).SelectMany(Unrecorded).Where(proven.Contains)
                            .Select(p => new ReadinessVerified(p.Service, p.Run.Planned.PlanVersion, view.FingerprintOf(p.Service), p.Run.Id.Value))]
                        : [],
                    world.Time,
                    cancellation);
            }

            await changed.WaitAsync(cancellation);
        }
    }

    /// <summary>Whether a run proves that what it moves, or would have moved, can be recovered.</summary>
    public static bool IsProof(RunState run) =>
        run.Status is RunStatus.Completed or RunStatus.AwaitingCommit or RunStatus.Committed
        && run.Planned.Kind is not (RunKind.Restore or RunKind.Reprotect or RunKind.Rollback)
        && run.Steps.All(s => s.Status is StepStatus.Done || !s.Step.Required);

    private bool Proves(RunState run) => run.Planned.PlanVersion == plan.Version && IsProof(run);

    /// <summary>Services of the run that neither it nor a later one was recorded for.</summary>
    private IEnumerable<(ServiceName Service, RunState Run)> Unrecorded(RunState run) =>
        from move in run.Plan.Moves
        where !(state.Readiness.Find(move.Service)?.At >= run.CompletedAt)
        select (move.Service, run);
}
