using Kedge.Plan.Model;

namespace Kedge.Journal.Events;

/// <summary>More became known about an open incident.</summary>
public sealed record IncidentReclassified(
    IncidentId Incident,
    Scenario Scenario,
    IReadOnlyList<ServiceName> Services,
    string Because) : JournalEvent;
