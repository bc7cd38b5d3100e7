namespace Kedge.Journal.Events;

/// <summary>A node leads from here on; all that an earlier leader still does is void.</summary>
/// <param name="Term">Grows by one with each leader.</param>
/// <param name="Because">Why the one before no longer leads; null for the first.</param>
public sealed record LeadershipTaken(NodeIdentity Node, long Term, string? Because) : JournalEvent;
