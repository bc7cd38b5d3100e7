using Kedge.Journal;
using Kedge.Journal.Events;
using Kedge.Journal.Folding;

namespace Kedge.Recover.Run;

/// <summary>
/// Executes runs against the journal, as long as its process leads: starts what is approved, claims what is due, takes
/// over what a dead process had claimed, pauses what only an operator can bring on, and finishes what is done.
/// </summary>
public sealed class RunEngine(JournalSession session, Register register, RunBook runs, EngineWorld world)
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(5);

    private readonly StepExecutor executor = new(session, register, world);
    private readonly RunFinish finish = new(session, register, runs, world);
    private readonly Dictionary<(RunId, string), Task> inFlight = [];

    /// <summary>
    /// Works until it is cancelled. Steps under way are cancelled too and left to whoever leads next. Throws what a
    /// defect throws; a store that cannot be written is waited for.
    /// </summary>
    public async Task LeadAsync(CancellationToken cancellation)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            await TakeOverAsync(ended.Token);
            while (true)
            {
                var changed = session.Changed;
                await AdvanceAsync(ended.Token);
                await WaitAsync(changed, ended.Token);
            }
        }
        finally
        {
            ended.Cancel();
            await Task.WhenAll(inFlight.Values);
        }
    }

    private async Task AdvanceAsync(CancellationToken cancellation)
    {
        foreach (var done in inFlight.Where(f => f.Value.IsCompleted).ToList())
        {
            inFlight.Remove(done.Key);
            await done.Value;
        }

        foreach (var run in runs.Live.ToList())
        {
            if (run.Status is RunStatus.AwaitingApproval && RunDecider.NotYetApproved(run, Now) is null)
            {
                await StartAsync(run);
            }

            await ClaimDueAsync(run, cancellation);
            ExecuteClaimed(run, cancellation);
            if (run.Status is RunStatus.Running && RunDecider.IsOver(run))
            {
                await finish.CompleteAsync(run, cancellation);
            }
            else if (RunDecider.Stuck(run, Now) is { } because)
            {
                await session.PersistAsync(
                    () => Leads && RunDecider.Stuck(run, Now) is not null ? [new RunPaused(run.Id, because)] : [],
                    world.Time,
                    cancellation);
            }
        }

        await finish.CommitDueAsync(cancellation);
    }

    private Task StartAsync(RunState run) => session.PersistAsync(
        () => Leads && run.Status is RunStatus.AwaitingApproval && RunDecider.NotYetApproved(run, Now) is null
            ? [new RunStarted(run.Id, register.Term), .. HeldClaim.Claims(run, RunDecider.DueAfter(run, null), world.Me)]
            : [],
        world.Time,
        CancellationToken.None);

    private async Task ClaimDueAsync(RunState run, CancellationToken cancellation)
    {
        var due = RunDecider.Due(run, Now).Where(s => !inFlight.ContainsKey((run.Id, s.Step.Id))).ToList();
        if (due.Count == 0)
        {
            return;
        }

        await session.PersistAsync(
            () => Leads
                ? [.. HeldClaim.Claims(run, RunDecider.Due(run, Now).Where(due.Contains), world.Me)]
                : [],
            world.Time,
            cancellation);
    }

    /// <summary>What was claimed just now, or together with the end of the step before it.</summary>
    private void ExecuteClaimed(RunState run, CancellationToken cancellation)
    {
        foreach (var step in run.Steps.Where(s => s.Status is StepStatus.Claimed && s.Node == world.Me && !inFlight.ContainsKey((run.Id, s.Step.Id))))
        {
            inFlight[(run.Id, step.Step.Id)] = executor.ExecuteAsync(run, step, step.Claim, cancellation);
        }
    }

    /// <summary>
    /// Whoever takes a claim over kills the sleeper first: a process that was merely paused would otherwise wake up in
    /// the middle of its act.
    /// </summary>
    private async Task TakeOverAsync(CancellationToken cancellation)
    {
        var held = runs.Live.SelectMany(run => run.Steps
            .Where(s => s.Node is not null)
            .Select(s => (Run: run, Step: s, Node: s.Node!))).ToList();
        foreach (var group in held.GroupBy(f => f.Node))
        {
            // It may have slept since it looked; whoever leads by now sees to it.
            if (!Leads)
            {
                return;
            }

            // What this process claimed in an earlier lead, it has let go of since.
            var dead = group.Key == world.Me || await world.Killer.KillAsync(group.Key, cancellation);
            await session.PersistAsync(
                () => Leads ? [.. group.Where(f => f.Run.Live && f.Step.Node == f.Node).Select(f => TakeOver(f.Run, f.Step, f.Node, dead))] : [],
                world.Time,
                cancellation);
        }
    }

    /// <summary>Without its intent in the journal nobody acts; so a sleeper that was not killed can harm only where that is there.</summary>
    private JournalEvent TakeOver(RunState run, StepState step, NodeIdentity from, bool dead) => dead || step.Status is not StepStatus.Acting
        ? new StepTakenOver(
            run.Id, step.Step.Id, step.Claim, from, from == world.Me ? "the lead was interrupted" : dead ? $"{from} is dead" : $"{from} no longer leads")
        : new StepFailed(run.Id, step.Step.Id, step.Attempts, NotKnownDead(from), null);

    private static StepFailure NotKnownDead(NodeIdentity node) => new(
        $"{node} had begun it on another machine and may still be at work",
        "make sure that the process is dead, then retry the step",
        OutcomeUnknown: true);

    private async Task WaitAsync(Task changed, CancellationToken cancellation)
    {
        var next = runs.Live.Select(r => r.Status is RunStatus.AwaitingApproval ? r.Planned.Approval.Deadline : RunDecider.NextRetry(r))
            .Append(finish.NextCommit)
            .Where(t => t > Now)
            .Min();
        var wait = next is { } at && at - Now < Idle ? at - Now : Idle;
        await FirstOf.WaitAsync([.. inFlight.Values, changed], wait, world.Time, cancellation);
    }

    private bool Leads => register.Leader == world.Me;

    private DateTimeOffset Now => world.Time.GetUtcNow();
}
