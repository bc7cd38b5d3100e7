namespace Kedge.Journal.Events;

/// <summary>Enough approvals are there (or none was needed): the clock of the decision stops, that of recovery runs.</summary>
/// <param name="Term">The leader's.</param>
public sealed record RunStarted(RunId Run, long Term) : JournalEvent;
