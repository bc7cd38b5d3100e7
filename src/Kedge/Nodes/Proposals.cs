using Kedge.Decide;
using Kedge.Journal.Events;
using Kedge.Plan.Model;
using Kedge.Recover;
using Kedge.Recover.Compile;
using Kedge.Recover.Run;

namespace Kedge.Nodes;

/// <summary>Turns what is wanted into a run: compiles the recovery plan and measures what it would lose.</summary>
public sealed class Proposals(ControlState state, EngineWorld world)
{
    private readonly PlanCompiler compiler = new(world.Drivers.Contracts);
    private readonly LossForecast forecast = new(world);

    /// <summary>
    /// Compiles against the plan in force and measures the expected loss (within two seconds). Nothing is appended; the
    /// run has no name yet.
    /// </summary>
    public Task<Proposal> PrepareAsync(
        CompileRequest request, Incident? incident, bool dryRun, string by, CancellationToken cancellation) =>
        PrepareAsync(state.Plans.InForce, request, incident, dryRun, by, cancellation);

    /// <summary>As above, against a plan that need not be in force: what an edit would lead to.</summary>
    public async Task<Proposal> PrepareAsync(
        KedgePlan plan, CompileRequest request, Incident? incident, bool dryRun, string by, CancellationToken cancellation)
    {
        var observed = new ObservedState { Estimates = state.StepTimes, OutOfReach = OutOfReach(plan, request) };
        var recovery = compiler.Compile(plan, request, observed);
        var outage = OutageOf(incident, request.Moves);
        var loss = request.Kind is RunKind.Failover
            ? await forecast.MeasureAsync(plan, request.Moves, outage, cancellation)
            : [];
        var rule = dryRun
            ? new ApprovalRule([], 0, null, ProceedAfterDeadline: false)
            : Approvals.RuleFor(plan, request.Kind, request.Moves.Select(m => m.Service), world.Time.GetUtcNow());
        return new(recovery, Prediction.Of(recovery), loss, rule, incident?.Id, outage, dryRun, by);
    }

    /// <summary>
    /// Up to when the data went on being written: the incident's first failure. Null, not known, where a planned move has
    /// been at work on the service since: what failed may have been its own doing, while traffic reached the data by
    /// another way.
    /// </summary>
    private DateTimeOffset? OutageOf(Incident? incident, IReadOnlyList<Move> moves) =>
        incident?.Opened.Outage is { } outage && !state.Runs.HasPlannedMoveActedSince(outage, moves.Select(m => m.Service)) ? outage : null;

    private HashSet<InstanceId> OutOfReach(KedgePlan plan, CompileRequest request) =>
    [
        .. from move in request.Moves
           from component in plan.FindService(move.Service)?.Components ?? []
           let driver = world.Drivers.Get(component.Driver)
           let instance = component.At(move.From)
           where driver.Contract.HoldsData && instance is not null && !driver.IsWithinReach(new(component, instance))
           select instance.Id,
    ];

    /// <summary>
    /// The event that plans the run, or why it cannot be: a service of it is in another run, or was moved since the
    /// recovery plan was compiled. To be called in the decision that appends it.
    /// </summary>
    public (RunPlanned? Event, string? Refusal) Plan(Proposal proposal, IReadOnlyList<string> accepted)
    {
        var recovery = proposal.Recovery;
        if (recovery.PlanVersion != state.Plans.Newest)
        {
            return (null, "the plan was edited meanwhile; compile again");
        }

        foreach (var move in recovery.Moves)
        {
            var busy = state.Runs.Live.FirstOrDefault(r => r.Plan.Moves.Any(m => m.Service == move.Service));
            if (busy is not null)
            {
                return (null, $"{busy.Id}, a {RunWords.Of(busy.Planned.Kind)}, concerns {move.Service} already, and {RunWords.Of(busy.Status)}; end it first: kedge run abort {busy.Id}");
            }

            if (Refusal(recovery.Kind, state.Plans.InForce.FindService(move.Service)!, move) is { } refusal)
            {
                return (null, refusal);
            }
        }

        return (Event(proposal, accepted), null);
    }

    /// <summary>
    /// Whether a move leads back: from where the service is active, or from where a run that was aborted half way had begun
    /// to make it active.
    /// </summary>
    internal bool IsWayBack(Service service, Move move)
    {
        var active = state.Register.ActiveSite(service);
        return active == move.From
            || (active == move.To && service.Components.Any(c => state.Register.Epochs.TryGetValue(c.Id, out var holding) && holding.Site == move.From));
    }

    private string? Refusal(RunKind kind, Service service, Move move)
    {
        var active = state.Register.ActiveSite(service);
        return kind switch
        {
            RunKind.Switchover or RunKind.Failover or RunKind.Failback when active != move.From =>
                $"{move.Service} is no longer active at {move.From}; somebody was faster",
            RunKind.Rollback when !IsWayBack(service, move) => $"{move.Service} is neither active at {move.From} nor half moved there",

            // Its first act is to throw the copy away; it must never be the one that serves, nor the way back.
            RunKind.Reprotect when active != move.To => $"{move.Service} is active at {active}; the copy at {move.From} is not rebuilt from {move.To}",
            RunKind.Reprotect when IsWayBack(service, new(service.Name, move.From, move.To)) =>
                $"a run that was aborted half way has begun to make {move.Service} active at {move.From}; take it back first: kedge run rollback",
            // A planned move needs a standby that follows, and there is none before reprotection; another failover may be needed at any time.
            RunKind.Reprotect or RunKind.Switchover or RunKind.Failback when state.Runs.WaitingForCommit([move.Service]) is { } open =>
                $"{open.Id} waits for its commit, and until then the old copy is the way back: kedge run commit {open.Id}",
            _ => null,
        };
    }

    /// <summary>The event as it would be appended now.</summary>
    internal RunPlanned Event(Proposal proposal, IReadOnlyList<string> accepted) => new(
        state.Runs.NextId,
        proposal.Recovery.Kind,
        proposal.DryRun,
        proposal.Recovery.Scenario,
        proposal.Incident,
        proposal.Outage,
        proposal.Recovery.PlanVersion,
        proposal.Recovery,
        proposal.By,
        proposal.Approval,
        proposal.ExpectedLoss,
        accepted);
}

/// <summary>A run that could be planned.</summary>
public sealed record Proposal(
    RecoveryPlan Recovery,
    Prediction Prediction,
    IReadOnlyList<ExpectedLoss> ExpectedLoss,
    ApprovalRule Approval,
    IncidentId? Incident,
    DateTimeOffset? Outage,
    bool DryRun,
    string By);
