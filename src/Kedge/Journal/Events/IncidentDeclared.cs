namespace Kedge.Journal.Events;

/// <summary>Somebody, or the decision rule, said that it is a disaster.</summary>
/// <param name="By">Who, as they named themselves.</param>
public sealed record IncidentDeclared(IncidentId Incident, string By, string? Comment) : JournalEvent;
