using Kedge.Journal.Events;
using Kedge.Plan.Model;

namespace Kedge.Recover.Run;

/// <summary>A run as the journal tells it.</summary>
public sealed class RunState
{
    private readonly List<StepState> inOrder;
    private readonly Dictionary<string, StepState> steps;

    internal RunState(RunPlanned planned, DateTimeOffset at)
    {
        Planned = planned;
        (PlannedAt, Since) = (at, at);
        inOrder = [.. planned.Plan.Steps.Select(s => new StepState(s))];
        steps = inOrder.ToDictionary(s => s.Step.Id, StringComparer.Ordinal);
        foreach (var name in planned.Accepted)
        {
            Accepted.Add(ComponentId.Parse(name));
        }
    }

    public RunPlanned Planned { get; }

    public RunId Id => Planned.Run;

    public RecoveryPlan Plan => Planned.Plan;

    public RunStatus Status { get; internal set; } = RunStatus.AwaitingApproval;

    /// <summary>Since when it has that status.</summary>
    public DateTimeOffset Since { get; internal set; }

    public DateTimeOffset PlannedAt { get; }

    public DateTimeOffset? StartedAt { get; internal set; }

    public DateTimeOffset? ServingAt { get; internal set; }

    public DateTimeOffset? CompletedAt { get; internal set; }

    /// <summary>Why it is paused or was ended; null otherwise.</summary>
    public string? Because { get; internal set; }

    public List<RunApproved> Approvals { get; } = [];

    /// <summary>Null unless it was declined.</summary>
    public string? DeclinedBy { get; internal set; }

    /// <summary>Components whose loss, unknown or beyond the RPO, a person accepted by name.</summary>
    public HashSet<ComponentId> Accepted { get; } = [];

    /// <summary>What the recovered copies lack, as far as it was measured.</summary>
    public Dictionary<ComponentId, AchievedLoss> Losses { get; } = [];

    /// <summary>Services that were seen to serve at their new site, and when.</summary>
    public Dictionary<ServiceName, DateTimeOffset> Serving { get; } = [];

    /// <summary>Epochs that this run took.</summary>
    public Dictionary<ComponentId, long> Epochs { get; } = [];

    /// <summary>In the recovery plan's order.</summary>
    public IReadOnlyList<StepState> Steps => inOrder;

    public bool Live => Status is RunStatus.AwaitingApproval or RunStatus.Running or RunStatus.Paused;

    public StepState? Find(string step) => steps.GetValueOrDefault(step);

    /// <summary>Whether this run moves a service back to where the other one has moved it from.</summary>
    public bool TakesBack(RunState other) =>
        Plan.Moves.Any(back => other.Plan.Moves.Any(m => m.Service == back.Service && m.From == back.To && m.To == back.From));

    public Move MoveOf(ServiceName service) => Plan.Moves.First(m => m.Service == service);
}

/// <summary>Where a run stands.</summary>
public enum RunStatus
{
    AwaitingApproval,
    Running,

    /// <summary>Waits for an operator's retry, skip or abort.</summary>
    Paused,

    /// <summary>Done; the commit window is open.</summary>
    AwaitingCommit,
    Completed,
    Committed,
    RolledBack,
    Declined,
    Aborted,
}

/// <summary>A step as the journal tells it.</summary>
public sealed class StepState(RecoveryStep step)
{
    public RecoveryStep Step { get; } = step;

    public StepStatus Status { get; internal set; } = StepStatus.Pending;

    /// <summary>Since when it has that status; null before anything happened to it.</summary>
    public DateTimeOffset? Since { get; internal set; }

    /// <summary>Number of the newest claim; 0 before the first.</summary>
    public int Claim { get; internal set; }

    /// <summary>Who holds the newest claim; null while nobody does.</summary>
    public NodeIdentity? Node { get; internal set; }

    /// <summary>Attempts begun since the operator last asked for a retry.</summary>
    public int Attempts { get; internal set; }

    /// <summary>True once the act returned, until an operator asks for another: what is not safe to repeat is then only verified.</summary>
    public bool Acted { get; internal set; }

    /// <summary>True from the intent until its result, or a look at the world, says what became of it.</summary>
    public bool OutcomeUnknown { get; internal set; }

    public DateTimeOffset? ClaimedAt { get; internal set; }

    public DateTimeOffset? EndedAt { get; internal set; }

    /// <summary>How much of the time from claim to end its driver took; null until it is done.</summary>
    public TimeSpan? InDriver { get; internal set; }

    public StepFailure? Failure { get; internal set; }

    /// <summary>When a failed step is tried again by itself; null where it is not.</summary>
    public DateTimeOffset? RetryAt { get; internal set; }

    /// <summary>What was seen, said or done last.</summary>
    public string? Note { get; internal set; }

    /// <summary>Done or skipped: what needs it may go on.</summary>
    public bool Over => Status is StepStatus.Done or StepStatus.Skipped;
}

/// <summary>Where a step stands.</summary>
public enum StepStatus
{
    Pending,
    Claimed,

    /// <summary>The intent is journaled; the outcome is unknown until the act returns.</summary>
    Acting,

    /// <summary>The act returned; its effect is being verified.</summary>
    Verifying,

    /// <summary>Waits for a person.</summary>
    Waiting,
    Failed,
    Done,
    Skipped,
}
