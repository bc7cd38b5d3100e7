namespace Kedge.Journal.Events;

/// <summary>Nothing more can be done without an operator.</summary>
public sealed record RunPaused(RunId Run, string Because) : JournalEvent;
