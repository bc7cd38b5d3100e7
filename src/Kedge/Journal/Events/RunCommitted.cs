namespace Kedge.Journal.Events;

/// <summary>The move is final: the way back is closed, reprotection may begin.</summary>
/// <param name="By">Who, as they named themselves.</param>
public sealed record RunCommitted(RunId Run, string By) : JournalEvent;
