namespace Kedge.Journal.Events;

/// <summary>Somebody who may refused a run; it ends.</summary>
/// <param name="By">Who, as they named themselves.</param>
public sealed record RunDeclined(RunId Run, string By, string? Comment) : JournalEvent;
