using Kedge.Decide;
using Kedge.Drivers;
using Kedge.Journal;
using Kedge.Journal.Events;
using Kedge.Plan.Model;
using Kedge.Recover.Compile;
using Kedge.Recover.Run;

namespace Kedge.Nodes;

/// <summary>
/// What a person may do to runs. Each act is decided and appended as one: of two terminals that decide at once, one wins
/// and the other is told. The leading node carries it out.
/// </summary>
/// <param name="who">In whose name; a person's name or login where the plan's decision rule asks for one.</param>
public sealed class Operator(JournalSession session, ControlState state, EngineWorld world, string who)
{
    private readonly Proposals proposals = new(state, world);

    /// <summary>Compiles a run and measures what it would lose, without planning it.</summary>
    public Task<Proposal> PrepareAsync(CompileRequest request, bool dryRun, CancellationToken cancellation) =>
        proposals.PrepareAsync(
            request, state.Incidents.Open.FirstOrDefault(i => request.Moves.Any(m => i.Services.Contains(m.Service))), dryRun, who, cancellation);

    /// <summary>
    /// Plans the run, and approves it where the rule lets this person. Losses that are unknown or beyond the RPO must be
    /// accepted by name.
    /// </summary>
    public async Task<Answer> BeginAsync(Proposal proposal, IReadOnlyList<string> acceptedLosses, CancellationToken cancellation)
    {
        Answer answer = Answer.No("nothing was decided");
        await session.AppendAloneAsync(
            () =>
            {
                var (planned, refusal) = proposals.Plan(proposal, acceptedLosses);
                if (planned is null)
                {
                    answer = Answer.No(refusal!);
                    return [];
                }

                answer = Answer.Yes($"{planned.Run} planned", planned.Run);
                return planned.Approval.Needed > 0 && Approvals.MayApprove(state.Plans.InForce, planned.Approval, who)
                    ? [planned, new RunApproved(planned.Run, who, "gave the command")]
                    : [planned];
            },
            cancellation);
        return answer;
    }

    public Task<Answer> ApproveAsync(RunId run, IReadOnlyList<ComponentId> acceptedLosses, string? comment, CancellationToken cancellation) => DecideAsync(
        run,
        r => Decided(r) is { } decided ? decided
            : !Approvals.MayApprove(state.Plans.Get(r.Planned.PlanVersion), r.Planned.Approval, who)
                ? Answer.No($"{who} may not approve; {string.Join(" or ", r.Planned.Approval.Approvers)} may (say who you are with --as)")
            : r.Approvals.Any(a => a.By == who) && acceptedLosses.Count == 0 ? Answer.No($"{who} has approved {run} already")
            : Answer.Yes($"{run} approved by {who}", run),
        r => [.. acceptedLosses.Select(c => new LossAccepted(run, c, who)), .. r.Approvals.Any(a => a.By == who) ? [] : new JournalEvent[] { new RunApproved(run, who, comment) }],
        cancellation);

    public Task<Answer> DeclineAsync(RunId run, string? comment, CancellationToken cancellation) => DecideAsync(
        run,
        r => Decided(r) is { } decided ? decided
            : !Approvals.MayApprove(state.Plans.Get(r.Planned.PlanVersion), r.Planned.Approval, who) ? Answer.No($"{who} may not decide on {run}")
            : Answer.Yes($"{run} declined", run),
        _ => [new RunDeclined(run, who, comment)],
        cancellation);

    /// <summary>Confirms a step that waits for a person, or attests what a failed fencing step could not see.</summary>
    public Task<Answer> ConfirmAsync(RunId run, string step, string note, CancellationToken cancellation) => DecideAsync(
        run,
        r => !r.Live ? Answer.No($"{run} is over: {Describe(r)}")
            : FindStep(r, step) is not { } s ? NoSuchStep(r, step)
            : string.IsNullOrWhiteSpace(note) ? Answer.No("say in your own words what you did or made sure of (--note)")
            : s.Step.ConfirmWith is { } words && !note.Contains(words, StringComparison.OrdinalIgnoreCase)
                ? Answer.No($"the plan wants to read '{words}' in the note that confirms {s.Step.Id}: --note \"{words}\"")
            : s.Status is StepStatus.Waiting || (s.Step.Fences && s.Status is StepStatus.Failed)
                ? Answer.Yes($"{s.Step.Id} confirmed", run)
                : Answer.No($"{s.Step.Id} does not wait for a person: it is {s.Status.ToString().ToLowerInvariant()}"),
        r =>
        [
            .. TakenWith(r, FindStep(r, step)!.Step),
            new StepConfirmed(run, FindStep(r, step)!.Step.Id, who, note),
            .. Moved(r, FindStep(r, step)!),
            .. Resumed(r),
        ],
        cancellation);

    /// <summary>
    /// Who attests that the old copy is dead cannot write the epoch beside its data; from here on the journal keeps it from
    /// starting again, should it come back before the new one is promoted.
    /// </summary>
    private IEnumerable<EpochTaken> TakenWith(RunState run, RecoveryStep step) =>
        step is { Fences: true, TakesEpoch: true, Instance: { } instance } && !run.Planned.DryRun && !run.Epochs.ContainsKey(instance.Component)
            ? [new(instance.Component, state.Register.Epoch(instance.Component) + 1, run.MoveOf(step.Service).To, run.Id)]
            : [];

    public Task<Answer> RetryAsync(RunId run, string? step, CancellationToken cancellation) => DecideAsync(
        run,
        r => !r.Live ? Answer.No($"{run} is over: {Describe(r)}")
            : Failed(r, step) is { Count: > 0 } failed ? Answer.Yes($"retrying {string.Join(", ", failed.Select(s => s.Step.Id))}", run)
            : step is null ? Answer.No($"no step of {run} has failed")
            : FindStep(r, step) is null ? NoSuchStep(r, step) : Answer.No($"{step} has not failed"),
        r => [.. Failed(r, step).Select(s => new StepRetried(run, s.Step.Id, who)), .. Resumed(r)],
        cancellation);

    /// <summary>Lets the run go on without a step. Fencing cannot be skipped: two writable copies are worse than an outage; it can be attested.</summary>
    public Task<Answer> SkipAsync(RunId run, string step, string reason, CancellationToken cancellation) => DecideAsync(
        run,
        r => !r.Live ? Answer.No($"{run} is over: {Describe(r)}")
            : FindStep(r, step) is not { } s ? NoSuchStep(r, step)
            : string.IsNullOrWhiteSpace(reason) ? Answer.No("say why (--reason)")
            : s.Step.Fences ? Answer.No($"{s.Step.Id} fences an active data store and cannot be skipped; make sure that it is dead, then attest it: kedge run confirm {run} \"{s.Step.Id}\" --note \"…\"")
            : s.Step.TakesEpoch ? Answer.No($"{s.Step.Id} makes the data active at its new site, and all that follows builds on that; do it by hand if need be and retry the step (it sees what is done), or abort the run")
            : s.Status is StepStatus.Done or StepStatus.Skipped ? Answer.No($"{s.Step.Id} is over")
            : s.Status is not (StepStatus.Failed or StepStatus.Waiting or StepStatus.Pending) ? Answer.No($"{s.Step.Id} is at work; wait until it ends, or end the run: kedge run abort {run} --reason \"…\"")
            : Answer.Yes($"{s.Step.Id} skipped", run),
        r => [new StepSkipped(run, FindStep(r, step)!.Step.Id, reason, who), .. Resumed(r)],
        cancellation);

    public Task<Answer> ResumeAsync(RunId run, CancellationToken cancellation) => RetryAsync(run, null, cancellation);

    public Task<Answer> AbortAsync(RunId run, string reason, CancellationToken cancellation) => DecideAsync(
        run,
        r => !r.Live ? Answer.No($"{run} is over: {Describe(r)}")
            : string.IsNullOrWhiteSpace(reason) ? Answer.No("say why (--reason)")
            : r.Steps.FirstOrDefault(s => s.Status is StepStatus.Acting) is { } acting
                ? Answer.No($"{acting.Step.Id} is at work; wait until it ends (at the latest after {Plan.Contracts.Durations.Show(acting.Step.Timeout)})")
            : Answer.Yes($"{run} aborted; what it had done stays done", run),
        _ => [new RunAborted(run, who, reason)],
        cancellation);

    public Task<Answer> CommitAsync(RunId run, CancellationToken cancellation) => DecideAsync(
        run,
        r => r.Status is RunStatus.AwaitingCommit && state.Runs.Besides(r) is { } other ? Answer.No($"{other.Id}, a {RunWords.Of(other.Planned.Kind)} of the same services, {RunWords.Of(other.Status)}; end that first: kedge run abort {other.Id}")
            : r.Status is RunStatus.AwaitingCommit ? Answer.Yes($"{run} committed; protection can be rebuilt now: kedge reprotect", run)
            : Answer.No($"{run} does not wait for a commit: {Describe(r)}"),
        _ => [new RunCommitted(run, who)],
        cancellation);

    /// <summary>What going back would lose; empty where it is safe. Unknown is not safe.</summary>
    public async Task<IReadOnlyList<string>> WhyNotRollBackAsync(RunState run, CancellationToken cancellation)
    {
        var reasons = new List<string>();
        if (run.Status is not (RunStatus.AwaitingCommit or RunStatus.Aborted) || run.Planned.DryRun)
        {
            reasons.Add($"{run.Id} neither waits for a commit nor was aborted: {Describe(run)}");
            return reasons;
        }

        var plan = state.Plans.InForce;
        var back = WayBack(run);
        if (back.Count == 0)
        {
            reasons.Add($"{run.Id} has moved nothing, or another run has moved it since");
        }

        foreach (var move in run.Plan.Moves.Where(m => back.Any(b => b.Service == m.Service)))
        {
            foreach (var component in plan.FindService(move.Service)?.Components ?? [])
            {
                if (world.Drivers.Get(component.Driver) is IDataStore store && component.At(move.To) is { } instance)
                {
                    try
                    {
                        if (await world.Workplace.RunAsync(() => store.WrittenSincePromotionAsync(new(component, instance), cancellation)) is { } written)
                        {
                            reasons.Add($"{component.Id}: {written}");
                        }
                    }
                    catch (Exception failure) when (failure is not OperationCanceledException)
                    {
                        reasons.Add($"{component.Id}: nobody can tell what was written at {move.To} since ({failure.Message})");
                    }
                }
            }
        }

        return reasons;
    }

    /// <summary>
    /// The moves that take a run back: of each service that it has moved, or has begun to (an aborted run may have fenced
    /// the old copy and promoted none), and that no other run has moved since.
    /// </summary>
    public IReadOnlyList<Move> WayBack(RunState run) =>
    [
        .. from move in run.Plan.Moves
           let service = state.Plans.InForce.FindService(move.Service)
           where service is not null
           let back = new Move(move.Service, move.To, move.From)
           where proposals.IsWayBack(service, back) && (run.Epochs.Count == 0 || service.Components.Any(c => IsNewest(run, c.Id)))
           select back,
    ];

    private bool IsNewest(RunState run, ComponentId component) =>
        state.Register.Epochs.TryGetValue(component, out var holding) && holding.Run == run.Id;

    private async Task<Answer> DecideAsync(
        RunId run, Func<RunState, Answer> judge, Func<RunState, IReadOnlyList<JournalEvent>> events, CancellationToken cancellation)
    {
        var answer = Answer.No($"there is no {run}; see kedge run list");
        await session.CatchUpAsync(cancellation);
        await session.AppendAloneAsync(
            () =>
            {
                if (state.Runs.Find(run) is not { } found)
                {
                    return [];
                }

                answer = judge(found);
                return answer.Ok ? events(found) : [];
            },
            cancellation);
        return answer;
    }

    private static IReadOnlyList<JournalEvent> Moved(RunState run, StepState confirmed) =>
        ActiveSite.ChangedBy(run, confirmed) is { } changed ? [changed] : [];

    private IReadOnlyList<JournalEvent> Resumed(RunState run) =>
        run.Status is RunStatus.Paused ? [new RunResumed(run.Id, who)] : [];

    private static List<StepState> Failed(RunState run, string? step) =>
        [.. run.Steps.Where(s => s.Status is StepStatus.Failed && (step is null || s == FindStep(run, step)))];

    /// <summary>A step by its identity, or by its number in the table (from 1).</summary>
    private static StepState? FindStep(RunState run, string step) =>
        run.Find(step) ?? (int.TryParse(step, out var number) ? run.Steps.ElementAtOrDefault(number - 1) : null);

    private static Answer NoSuchStep(RunState run, string step) =>
        Answer.No($"{run.Id} has no step '{step}'; its steps are numbered in: kedge run show {run.Id}");

    /// <summary>
    /// Null while it is open whether the run begins. Enough approvals decide it, although the leader has yet to start it: who
    /// was told that it is approved must not find it declined.
    /// </summary>
    private Answer? Decided(RunState run)
    {
        var approvers = string.Join(" and ", run.Approvals.Select(a => a.By).Distinct(StringComparer.Ordinal));
        return run.Status switch
        {
            RunStatus.AwaitingApproval when run.Approvals.Count == 0 || RunDecider.NotYetApproved(run, world.Time.GetUtcNow()) is not null => null,
            RunStatus.Declined => Answer.Late($"{run.Id} was declined by {run.DeclinedBy} already{(run.Because is null ? "" : $" ({run.Because})")}"),
            _ when approvers.Length == 0 => Answer.Late($"{run.Id} does not wait for approval any more: {Describe(run)}"),
            RunStatus.AwaitingApproval => Answer.Late($"{run.Id} was approved by {approvers} already"),
            _ => Answer.Late($"{run.Id} was approved by {approvers} already: {Describe(run)}"),
        };
    }

    private static string Describe(RunState run) => $"it {RunWords.Of(run.Status)}{(run.Because is null ? "" : $" ({run.Because})")}";
}

/// <summary>What became of a person's act.</summary>
/// <param name="Text">One line for that person.</param>
public sealed record Answer(bool Ok, string Text, RunId? Run)
{
    /// <summary>True where somebody else had decided before.</summary>
    public bool TooLate { get; private init; }

    public static Answer Yes(string text, RunId run) => new(true, text, run);

    public static Answer No(string text) => new(false, text, null);

    public static Answer Late(string text) => new(false, text, null) { TooLate = true };
}
