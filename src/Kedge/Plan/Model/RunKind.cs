using System.Text.Json.Serialization;

namespace Kedge.Plan.Model;

/// <summary>What a run is for. The glossary in docs/ explains each.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RunKind>))]
public enum RunKind
{
    /// <summary>Planned move with nothing lost: the old side is stopped before the new one is promoted.</summary>
    Switchover,

    /// <summary>Unplanned move: the old side is fenced, what it had not replicated is lost.</summary>
    Failover,

    /// <summary>A switchover back to the primary site.</summary>
    Failback,

    /// <summary>Rebuild protection in the other direction after a failover was committed.</summary>
    Reprotect,

    /// <summary>Back to the old side while the commit window is open.</summary>
    Rollback,

    /// <summary>Data back to a recovery point.</summary>
    Restore,

    /// <summary>Live rehearsal on isolated copies.</summary>
    Drill,
}
