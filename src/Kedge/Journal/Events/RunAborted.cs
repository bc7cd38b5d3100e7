namespace Kedge.Journal.Events;

/// <summary>An operator ended a run before its end.</summary>
/// <param name="By">Who, as they named themselves.</param>
public sealed record RunAborted(RunId Run, string By, string Reason) : JournalEvent;
