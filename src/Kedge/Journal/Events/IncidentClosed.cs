namespace Kedge.Journal.Events;

/// <summary>Nothing is left to decide.</summary>
/// <param name="By">Who, as they named themselves.</param>
public sealed record IncidentClosed(IncidentId Incident, string Because, string By) : JournalEvent;
