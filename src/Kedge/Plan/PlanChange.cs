namespace Kedge.Plan;

/// <summary>One difference between two plans.</summary>
/// <param name="Path">The key, with those that hold it. Items of lists are named by what they are: <c>people[Duty engineer].login</c>.</param>
/// <param name="Before">As the plan spells it, on one line; null where it was not there.</param>
/// <param name="After">The same; null where it is gone.</param>
public sealed record PlanChange(string Path, string? Before, string? After)
{
    /// <summary><c>+ path: after</c>, <c>- path: before</c>, or <c>~ path: before -> after</c>.</summary>
    public override string ToString() => (Before, After) switch
    {
        (null, _) => $"+ {Path}: {After}",
        (_, null) => $"- {Path}: {Before}",
        _ => $"~ {Path}: {Before} -> {After}",
    };
}
