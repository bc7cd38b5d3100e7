using Kedge.Plan.Model;

namespace Kedge.Journal.Events;

/// <summary>The active site of a data store is about to change; acts of an older epoch are void.</summary>
/// <param name="Site">The site that may be writable under this epoch.</param>
public sealed record EpochTaken(ComponentId Component, long Epoch, SiteName Site, RunId Run) : JournalEvent;
