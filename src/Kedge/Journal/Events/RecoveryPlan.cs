using Kedge.Plan.Model;

namespace Kedge.Journal.Events;

/// <summary>
/// The graph of steps that was compiled from a plan for a scenario. It is a record of the journal: a run executes
/// exactly the recovery plan that its event holds.
/// </summary>
public sealed record RecoveryPlan
{
    public required RunKind Kind { get; init; }

    public required Scenario Scenario { get; init; }

    public required PlanVersion PlanVersion { get; init; }

    /// <summary>Each service that moves, from where to where, in the order in which they are recovered.</summary>
    public required IReadOnlyList<Move> Moves { get; init; }

    /// <summary>Ordered so that a step comes after all it needs; otherwise by phase, service, component.</summary>
    public required IReadOnlyList<RecoveryStep> Steps { get; init; }

    /// <summary>What the reader ought to know: left out, not covered, assumed.</summary>
    public required IReadOnlyList<string> Remarks { get; init; }

    public RecoveryStep? Find(string step) => Steps.FirstOrDefault(s => s.Id == step);
}

/// <summary>One service's move. In a restore both sites are the same.</summary>
public sealed record Move(ServiceName Service, SiteName From, SiteName To);

/// <summary>One step of a recovery plan.</summary>
public sealed record RecoveryStep
{
    /// <summary>Unique and stable: <c>promote orders/database@west</c>.</summary>
    public required string Id { get; init; }

    public required StepKind Kind { get; init; }

    public required Phase Phase { get; init; }

    /// <summary>What it does, for the operator.</summary>
    public required string Title { get; init; }

    /// <summary>Why it stands where it stands, for the operator.</summary>
    public required string Why { get; init; }

    public required ServiceName Service { get; init; }

    /// <summary>The instance acted on; null for a check, a wait, a custom step.</summary>
    public InstanceId? Instance { get; init; }

    /// <summary>Site whose node does it.</summary>
    public required SiteName At { get; init; }

    /// <summary>Kind of driver; null unless <see cref="Kind"/> is Act (or a manual Confirm).</summary>
    public string? Driver { get; init; }

    public string? Action { get; init; }

    /// <summary>Name of the plan's own step that this is; null for compiled ones.</summary>
    public string? Custom { get; init; }

    /// <summary>Identities of the steps that must be done before.</summary>
    public required IReadOnlyList<string> Needs { get; init; }

    public required bool SafeToRepeat { get; init; }

    /// <summary>False where the run goes on although it failed.</summary>
    public required bool Required { get; init; }

    /// <summary>True where the component's active site changes by it.</summary>
    public required bool TakesEpoch { get; init; }

    /// <summary>True where it makes sure that an old active data store cannot be written: it can be attested, never skipped.</summary>
    public required bool Fences { get; init; }

    public required TimeSpan Estimate { get; init; }

    /// <summary>Where the estimate comes from: <c>default</c>, or how many runs it was measured in.</summary>
    public required string EstimateBasis { get; init; }

    /// <summary>Time that passes after the step until everybody sees its effect (a record's time-to-live); null for none.</summary>
    public TimeSpan? Settles { get; init; }

    /// <summary>Limit of one attempt, act and verification together.</summary>
    public required TimeSpan Timeout { get; init; }

    public required int Attempts { get; init; }

    /// <summary>What a person is asked to do, or why the step is blocked; null for others.</summary>
    public string? Instruction { get; init; }

    /// <summary>Words that the person's note must hold to confirm it; null where any will do.</summary>
    public string? ConfirmWith { get; init; }
}
