using Kedge.Journal.Events;
using Kedge.Plan.Model;
using Kedge.Recover;
using Kedge.Recover.Compile;

namespace Kedge.CommandLine.Rendering.Plans;

/// <summary>What a person who decides gets to see of a recovery plan: steps, how long, what is lost, what is not ready.</summary>
public sealed record Briefing
{
    /// <summary>The plan that the recovery plan was compiled from.</summary>
    public required KedgePlan Plan { get; init; }

    public required RecoveryPlan Recovery { get; init; }

    public required Prediction Prediction { get; init; }

    /// <summary>Empty where nothing can be lost.</summary>
    public required IReadOnlyList<ExpectedLoss> ExpectedLoss { get; init; }

    /// <summary>Who has to agree; needed 0 where the command itself is the decision.</summary>
    public required ApprovalRule Approval { get; init; }

    /// <summary>What the preflight found; null where none was made.</summary>
    public required IReadOnlyList<StepFinding>? Preflight { get; init; }

    /// <summary>Services that cannot be moved, because they have no other site.</summary>
    public IReadOnlyList<ServiceName> Stranded { get; init; } = [];

    /// <summary>Why nobody should rely on it as it is (stale, never verified), a line each.</summary>
    public IReadOnlyList<string> Stale { get; init; } = [];

    /// <summary>Components whose loss was accepted by name.</summary>
    public IReadOnlySet<ComponentId> Accepted { get; init; } = new HashSet<ComponentId>();

    /// <summary>Losses that stand against it.</summary>
    public IEnumerable<ExpectedLoss> Refused => ExpectedLoss.Where(l => l.Refused && !Accepted.Contains(l.Component));

    /// <summary>Steps that cannot be done as things are.</summary>
    public IEnumerable<RecoveryStep> Blocked => Recovery.Steps.Where(s => s.Kind is StepKind.Blocked);

    /// <summary>Findings without which a required step would fail now.</summary>
    public IEnumerable<StepFinding> Failing => (Preflight ?? []).Where(f => !f.Finding.Ok && (Recovery.Find(f.Step)?.Required ?? true));
}
