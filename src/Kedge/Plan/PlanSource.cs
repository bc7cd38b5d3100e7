namespace Kedge.Plan;

/// <summary>One file of a plan, or the reason why it could not be read.</summary>
/// <param name="File">The name that problems are reported under.</param>
/// <param name="Text">Empty where <paramref name="Unreadable"/> is set.</param>
/// <param name="Unreadable">Null where the text was read.</param>
public sealed record PlanSource(string File, string Text, PlanProblem? Unreadable = null);
