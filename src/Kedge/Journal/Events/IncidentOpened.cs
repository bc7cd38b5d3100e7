using Kedge.Plan.Model;

namespace Kedge.Journal.Events;

/// <summary>Something is wrong enough to be decided on.</summary>
/// <param name="Scenario">How it was classified.</param>
/// <param name="Site">The site that is lost, or at which the services are.</param>
/// <param name="Outage">When the first failure was seen: where the clocks start.</param>
/// <param name="Detected">When it was confirmed.</param>
/// <param name="Because">What led to the classification.</param>
public sealed record IncidentOpened(
    IncidentId Incident,
    Scenario Scenario,
    SiteName Site,
    IReadOnlyList<ServiceName> Services,
    DateTimeOffset Outage,
    DateTimeOffset Detected,
    string Because) : JournalEvent;
