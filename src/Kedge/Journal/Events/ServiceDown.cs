using Kedge.Plan.Model;

namespace Kedge.Journal.Events;

/// <summary>The checks of a service failed at a site, and the failures were confirmed.</summary>
/// <param name="Since">When the first of the failures was seen.</param>
public sealed record ServiceDown(
    ServiceName Service,
    SiteName Site,
    DateTimeOffset Since,
    IReadOnlyList<CheckEvidence> Evidence) : JournalEvent;
