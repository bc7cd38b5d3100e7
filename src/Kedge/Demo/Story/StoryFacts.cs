namespace Kedge.Demo.Story;

/// <summary>One site as the story shows it.</summary>
internal sealed record SiteFacts(string Name, string Title, string Address, IReadOnlyList<PartFacts> Parts);

/// <summary>What runs, or does not, at a site.</summary>
/// <param name="Role">In a word or two: <c>serving</c>, <c>dormant</c>, <c>primary</c>, <c>standby, 0 B behind</c>, <c>lost</c>.</param>
internal sealed record PartFacts(string Title, PartState State, string Role);

/// <summary>Whether a part runs.</summary>
internal enum PartState
{
    Running,
    Dormant,
    Dead,
}

/// <summary>A moment of the incident.</summary>
/// <param name="After">Since the disaster.</param>
internal sealed record StoryMoment(TimeSpan After, string Name, string What, Tone Tone);

/// <summary>What the person who decides is shown.</summary>
/// <param name="Proposal">What Kedge would do, in one sentence.</param>
/// <param name="Facts">Steps, predicted time, expected loss, what is not ready: one line each, with its name.</param>
internal sealed record DecisionFacts(string Proposal, IReadOnlyList<(string Name, string What)> Facts);

/// <summary>A step as a bar of the Gantt chart.</summary>
/// <param name="Begin">Since the run began; null while it waits.</param>
/// <param name="End">Null while it is under way.</param>
internal sealed record StepBar(string Title, string Site, TimeSpan? Begin, TimeSpan? End, StepOutcome Outcome);

/// <summary>How a step stands.</summary>
internal enum StepOutcome
{
    Waiting,
    Running,
    Done,
    Failed,
    Skipped,
}

/// <summary>An objective and what was achieved.</summary>
/// <param name="Achieved">Null where it could not be measured.</param>
/// <param name="Remark">The evidence behind the figure.</param>
internal sealed record ObjectiveFacts(string Name, TimeSpan? Achieved, TimeSpan Objective, string Remark)
{
    public bool Met => Achieved is { } achieved && achieved <= Objective;
}

/// <summary>What the watch on both databases found.</summary>
/// <param name="Overlaps">Times at which two were writable: must be none.</param>
internal sealed record WatchFacts(long Attempts, int Overlaps);

/// <summary>How it all ended.</summary>
/// <param name="Promises">Each with whether it was kept.</param>
internal sealed record VerdictFacts(IReadOnlyList<(bool Kept, string What)> Promises, TimeSpan Took);
