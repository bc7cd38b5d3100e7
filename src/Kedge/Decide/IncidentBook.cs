using Kedge.Journal;
using Kedge.Journal.Events;
using Kedge.Plan.Model;

namespace Kedge.Decide;

/// <summary>All incidents, folded from the journal.</summary>
public sealed class IncidentBook : IFold
{
    private readonly Dictionary<IncidentId, Incident> incidents = [];
    private readonly List<Incident> inOrder = [];

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<Incident> Incidents => inOrder;

    public IEnumerable<Incident> Open => inOrder.Where(i => i.ClosedAt is null);

    /// <summary>The name that the next incident gets, after so many others that are about to be opened with it.</summary>
    public IncidentId IdAfter(int others) => new($"incident-{inOrder.Count + 1 + others}");

    public Incident? Find(IncidentId incident) => incidents.GetValueOrDefault(incident);

    public void Apply(JournalEntry entry)
    {
        switch (entry.Event)
        {
            case IncidentOpened e:
                var opened = new Incident(e, entry.At);
                incidents.Add(e.Incident, opened);
                inOrder.Add(opened);
                break;
            case IncidentReclassified e when Find(e.Incident) is { } incident:
                (incident.Scenario, incident.Services, incident.Because) = (e.Scenario, e.Services, e.Because);
                break;
            case IncidentDeclared e when Find(e.Incident) is { } incident:
                incident.DeclaredAt ??= entry.At;
                break;
            case IncidentEscalated e when Find(e.Incident) is { } incident:
                incident.EscalatedAt ??= entry.At;
                break;
            case IncidentClosed e when Find(e.Incident) is { } incident:
                (incident.ClosedAt, incident.ClosedBecause) = (entry.At, e.Because);
                break;
            case RunPlanned { Incident: { } id } e when Find(id) is { } incident:
                incident.Runs.Add(e.Run);
                break;
        }
    }
}

/// <summary>An incident as the journal tells it.</summary>
public sealed class Incident
{
    internal Incident(IncidentOpened opened, DateTimeOffset at)
    {
        (Opened, OpenedAt) = (opened, at);
        (Scenario, Services, Because) = (opened.Scenario, opened.Services, opened.Because);
    }

    public IncidentOpened Opened { get; }

    public IncidentId Id => Opened.Incident;

    public DateTimeOffset OpenedAt { get; }

    public Scenario Scenario { get; internal set; }

    public IReadOnlyList<ServiceName> Services { get; internal set; }

    public string Because { get; internal set; }

    public DateTimeOffset? DeclaredAt { get; internal set; }

    public DateTimeOffset? EscalatedAt { get; internal set; }

    public DateTimeOffset? ClosedAt { get; internal set; }

    public string? ClosedBecause { get; internal set; }

    /// <summary>Runs that answer it, oldest first.</summary>
    public List<RunId> Runs { get; } = [];
}
