namespace Kedge.Journal.Events;

/// <summary>Somebody who may agreed to a run.</summary>
/// <param name="By">Who, as they named themselves.</param>
public sealed record RunApproved(RunId Run, string By, string? Comment) : JournalEvent;
