using Kedge.Decide;
using Kedge.Journal;
using Kedge.Journal.Folding;
using Kedge.Plan.Model;
using Kedge.Recover.Run;
using Kedge.Watch;

namespace Kedge.Nodes;

/// <summary>All folds together: the state of everything, as the journal tells it.</summary>
public sealed class ControlState
{
    public ControlState(Func<string, KedgePlan> readPlan)
    {
        Plans = new(readPlan);
        Folds = [Register, Plans, Runs, StepTimes, Incidents, Health, Readiness];
    }

    public Register Register { get; } = new();

    public PlanLibrary Plans { get; }

    public RunBook Runs { get; } = new();

    public StepTimes StepTimes { get; } = new();

    public IncidentBook Incidents { get; } = new();

    public HealthBook Health { get; } = new();

    public ReadinessBook Readiness { get; } = new();

    public IReadOnlyList<IFold> Folds { get; }

    /// <summary>The plan in force; null before one was adopted.</summary>
    public KedgePlan? Plan => Plans.Newest is null ? null : Plans.InForce;

    /// <summary>Whether a run that has begun moves a service.</summary>
    public bool IsMoving(ServiceName service) =>
        Runs.Live.Any(r => !r.Planned.DryRun && r.Status is not RunStatus.AwaitingApproval && r.Plan.Moves.Any(m => m.Service == service));
}
