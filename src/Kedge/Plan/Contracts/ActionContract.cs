using Kedge.Plan.Model;

namespace Kedge.Plan.Contracts;

/// <summary>One action that a driver offers, and where the compiler may place it.</summary>
public sealed record ActionContract
{
    /// <summary>Imperative, one word or hyphenated: <c>promote</c>, <c>point-here</c>.</summary>
    public required string Name { get; init; }

    public required ActionRole Role { get; init; }

    /// <summary>Kinds of run in which the compiler places it.</summary>
    public required IReadOnlyList<RunKind> Kinds { get; init; }

    /// <summary>What it does, for the operator; <c>{component}</c> and <c>{site}</c> are filled in.</summary>
    public required string Title { get; init; }

    /// <summary>Why it stands where it stands, for the operator.</summary>
    public required string Why { get; init; }

    /// <summary>
    /// True where the act may be done again although an earlier attempt may have had its effect. Where false and the
    /// outcome is unknown, the run pauses and asks.
    /// </summary>
    public required bool SafeToRepeat { get; init; }

    /// <summary>True where the component's active site changes by it: it takes a new epoch.</summary>
    public bool TakesEpoch { get; init; }

    /// <summary>False where the run goes on although it failed (stopping a web server at a lost site).</summary>
    public bool Required { get; init; } = true;

    /// <summary>Expected duration until there is history.</summary>
    public required TimeSpan Estimate { get; init; }

    /// <summary>Default limit of one attempt.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>Attempts before the run pauses.</summary>
    public int Attempts { get; init; } = 3;

    /// <summary>Name of the option that tells a person what to do: they do it and confirm it. Null where the driver acts.</summary>
    public string? Instruction { get; init; }

    /// <summary>Name of the option that says which words the confirmation must hold; null where there is none.</summary>
    public string? ConfirmWith { get; init; }

    /// <summary>
    /// Name of an option without which the action has nothing to do: the compiler places it only for instances (or custom
    /// steps) that have that option. Null: it is placed everywhere.
    /// </summary>
    public string? OnlyWith { get; init; }

    /// <summary>
    /// Name of a flag option by which the plan declares that the action is safe to repeat although
    /// <see cref="SafeToRepeat"/> is false; null where it cannot.
    /// </summary>
    public string? SafeToRepeatWith { get; init; }

    /// <summary>Name of a duration option that takes the place of <see cref="Timeout"/>; null where there is none.</summary>
    public string? TimeoutFrom { get; init; }

    /// <summary>
    /// Name of a duration option that must pass before everybody sees the effect (a DNS record's <c>ttl</c>);
    /// it counts into the predicted RTO.
    /// </summary>
    public string? SettlesAfter { get; init; }
}

/// <summary>Where in a recovery plan an action belongs.</summary>
public enum ActionRole
{
    /// <summary>At the target, before anything is out of service.</summary>
    Prepare,

    /// <summary>At the source, in a planned move: after what needs it has stopped.</summary>
    Stop,

    /// <summary>At the source, in an unplanned one: before anything else of this component.</summary>
    Fence,

    /// <summary>At the target: makes the data writable there.</summary>
    Promote,

    /// <summary>At the target: starts what was dormant.</summary>
    Start,

    /// <summary>At the target: sends traffic there.</summary>
    Switch,

    /// <summary>At the source, after commit: makes it the protection of the new active instance.</summary>
    Reprotect,

    /// <summary>At the old side, to make it active again while the commit window is open.</summary>
    Resume,

    /// <summary>At the target, on an isolated copy.</summary>
    Drill,

    /// <summary>At the target, to take the isolated copy away.</summary>
    CleanUp,

    /// <summary>Nowhere by itself: only as a custom step.</summary>
    Custom,
}
