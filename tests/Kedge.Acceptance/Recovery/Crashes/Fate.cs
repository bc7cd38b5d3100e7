namespace Kedge.Acceptance.Recovery.Crashes;

/// <summary>What befalls the node that leads, and who goes on.</summary>
internal enum Fate
{
    /// <summary>It is killed, and a node that waited goes on.</summary>
    Killed,

    /// <summary>It is killed, and a person goes on: <c>kedge run resume</c>.</summary>
    KilledAndResumed,

    /// <summary>It falls asleep, a node that waited goes on, and it wakes up.</summary>
    Paused,

    /// <summary>
    /// It falls asleep and wakes up just as its lease runs out: a node that waits may have taken over, or be about to, or
    /// not have noticed.
    /// </summary>
    PausedForOneLease,
}
