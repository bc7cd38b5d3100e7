namespace Kedge.Journal.Events;

/// <summary>The store's disk is full: the space kept in reserve was given up so that a recovery can finish.</summary>
public sealed record SpaceReserveReleased(long Bytes) : JournalEvent;
