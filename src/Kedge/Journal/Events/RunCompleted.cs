namespace Kedge.Journal.Events;

/// <summary>Every step is done or skipped; after a failover the commit window is open from here.</summary>
/// <param name="CommitPending">True where an operator has to commit or roll back.</param>
public sealed record RunCompleted(RunId Run, bool CommitPending) : JournalEvent;
