using Kedge.Plan.Model;

namespace Kedge.Recover.Run;

/// <summary>The glossary's words for what a run is, and how it stands.</summary>
public static class RunWords
{
    public static string Of(RunKind kind) => kind switch
    {
        RunKind.Switchover => "switchover",
        RunKind.Failover => "failover",
        RunKind.Failback => "failback",
        RunKind.Reprotect => "reprotect",
        RunKind.Rollback => "rollback",
        RunKind.Restore => "restore",
        RunKind.Drill => "drill",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "unknown kind of run"),
    };

    /// <summary>The rest of a sentence that begins with the run's name.</summary>
    public static string Of(RunStatus status) => status switch
    {
        RunStatus.AwaitingApproval => "waits for approval",
        RunStatus.Running => "is running",
        RunStatus.Paused => "is paused",
        RunStatus.AwaitingCommit => "waits for its commit",
        RunStatus.Completed => "is completed",
        RunStatus.Committed => "was committed",
        RunStatus.RolledBack => "was rolled back",
        RunStatus.Declined => "was declined",
        RunStatus.Aborted => "was aborted",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "unknown status"),
    };
}
