namespace Kedge.Journal.Events;

/// <summary>The deadline of the decision passed without an answer.</summary>
public sealed record IncidentEscalated(IncidentId Incident, string Because) : JournalEvent;
