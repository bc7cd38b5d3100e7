namespace Kedge.Journal.Events;

/// <summary>The move was taken back by another run.</summary>
/// <param name="By">Who, as they named themselves.</param>
public sealed record RunRolledBack(RunId Run, RunId Rollback, string By) : JournalEvent;
