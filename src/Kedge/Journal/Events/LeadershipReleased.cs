namespace Kedge.Journal.Events;

/// <summary>The leader stopped in an orderly way.</summary>
public sealed record LeadershipReleased(NodeIdentity Node, long Term) : JournalEvent;
