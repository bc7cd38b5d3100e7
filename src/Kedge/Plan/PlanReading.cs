using Kedge.Plan.Model;

namespace Kedge.Plan;

/// <summary>What came of reading a plan.</summary>
public sealed record PlanReading
{
    /// <summary>Null where there is an error.</summary>
    public required KedgePlan? Plan { get; init; }

    /// <summary>Every error and every warning that was not accepted, by file, line and column.</summary>
    public required IReadOnlyList<PlanProblem> Problems { get; init; }

    /// <summary>Warnings that the plan accepts, with its reasons.</summary>
    public required IReadOnlyList<AcceptedProblem> Accepted { get; init; }
}

/// <summary>A warning that the plan's <c>accept</c> list names.</summary>
public sealed record AcceptedProblem(PlanProblem Problem, string Because);
