namespace Kedge.Journal.Events;

/// <summary>A run's name, <c>run-7</c>: counts within the journal.</summary>
public readonly record struct RunId(string Value)
{
    public override string ToString() => Value;
}

/// <summary>An incident's name, <c>incident-3</c>: counts within the journal.</summary>
public readonly record struct IncidentId(string Value)
{
    public override string ToString() => Value;
}
