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
        var outage = incident?.Opened.Outage;
        var loss = request.Kind is RunKind.Failover
            ? await forecast.MeasureAsync(plan, request.Moves, outage, cancellation)
            : [];
        var rule = dryRun
            ? new ApprovalRule([], 0, null, ProceedAfterDeadline: false)
            : Approvals.RuleFor(plan, request.Kind, request.Moves.Select(m => m.Service), world.Time.GetUtcNow());
        return new(recovery, Prediction.Of(recovery), loss, rule, incident?.Id, outage, dryRun, by);
    }

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
                return (null, $"{busy.Id} ({busy.Planned.Kind}, {busy.Status}) already concerns {move.Service}; end it first: kedge run abort {busy.Id}");
            }

            var moves = recovery.Kind is RunKind.Switchover or RunKind.Failover or RunKind.Failback or RunKind.Rollback;
            if (moves && state.Register.ActiveSite(state.Plans.InForce.FindService(move.Service)!) != move.From)
            {
                return (null, $"{move.Service} is no longer active at {move.From}; somebody was faster");
            }
        }

        return (Event(proposal, accepted), null);
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
