namespace Kedge.Journal.Events;

/// <summary>The first event of every journal: which one it is.</summary>
/// <param name="Journal">Random name of this journal, so that another one put in its place is noticed.</param>
public sealed record JournalOpened(string Journal) : JournalEvent;
