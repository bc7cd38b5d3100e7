using Kedge.Drivers;
using Kedge.Plan.Model;
using Kedge.Recover.Run;

namespace Kedge.CommandLine.Rendering.Text;

/// <summary>The glossary's words for what code spells as one.</summary>
public static class Words
{
    public static string Of(Scenario scenario) => scenario switch
    {
        Scenario.SiteLoss => "site loss",
        Scenario.ServiceLoss => "service loss",
        Scenario.DataCorruption => "data corruption",
        Scenario.SecurityBreach => "security breach",
        Scenario.PlannedMaintenance => "planned maintenance",
        _ => throw new ArgumentOutOfRangeException(nameof(scenario), scenario, "unknown scenario"),
    };

    public static string Of(Phase phase) => phase switch
    {
        Phase.CleanUp => "clean up",
        _ => phase.ToString().ToLowerInvariant(),
    };

    public static Styled Of(RunStatus status) => status switch
    {
        RunStatus.AwaitingApproval => Styled.Warning("waits for approval"),
        RunStatus.Running => Styled.Accent("running"),
        RunStatus.Paused => Styled.Bad("PAUSED"),
        RunStatus.AwaitingCommit => Styled.Warning("done, waits for commit"),
        RunStatus.Completed => Styled.Good("completed"),
        RunStatus.Committed => Styled.Good("committed"),
        RunStatus.RolledBack => Styled.Of("rolled back"),
        RunStatus.Declined => Styled.Of("declined"),
        RunStatus.Aborted => Styled.Bad("aborted"),
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "unknown status"),
    };

    public static string Of(InstanceState state) => state switch
    {
        InstanceState.Unknown => "unknown",
        InstanceState.Running => "running",
        InstanceState.Stopped => "stopped",
        InstanceState.Failing => "failing",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "unknown state"),
    };

    public static string Of(DataRole role) => role switch
    {
        DataRole.None => "",
        DataRole.Writable => "writable",
        DataRole.Standby => "standby",
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "unknown role"),
    };

    /// <summary>For sentences: <c>a, b and c</c>.</summary>
    public static string List<T>(IEnumerable<T> items)
    {
        var texts = items.Select(i => i!.ToString()!).ToList();
        return texts.Count < 2 ? string.Concat(texts) : $"{string.Join(", ", texts.Take(texts.Count - 1))} and {texts[^1]}";
    }
}
