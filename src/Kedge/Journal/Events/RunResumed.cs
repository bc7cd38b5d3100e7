namespace Kedge.Journal.Events;

/// <summary>A paused run goes on.</summary>
/// <param name="By">Who, as they named themselves.</param>
public sealed record RunResumed(RunId Run, string By) : JournalEvent;
