using Kedge.Plan.Model;

namespace Kedge.Journal.Events;

/// <summary>A recovery plan was compiled and waits to be approved.</summary>
/// <param name="DryRun">Observes every step and changes nothing.</param>
/// <param name="Outage">When the first failure was seen; null where nothing had failed.</param>
/// <param name="ExpectedLoss">What moving now would lose, for each data store.</param>
/// <param name="Accepted">Components whose loss, unknown or beyond the RPO, a person accepted by name.</param>
public sealed record RunPlanned(
    RunId Run,
    RunKind Kind,
    bool DryRun,
    Scenario Scenario,
    IncidentId? Incident,
    DateTimeOffset? Outage,
    PlanVersion PlanVersion,
    RecoveryPlan Plan,
    string RequestedBy,
    ApprovalRule Approval,
    IReadOnlyList<ExpectedLoss> ExpectedLoss,
    IReadOnlyList<string> Accepted) : JournalEvent;
