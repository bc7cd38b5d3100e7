using Kedge.Journal.Events;

namespace Kedge.Recover.Run;

/// <summary>
/// Decides what comes next in a run. It touches nothing: the same state and time give the same answer, so that every
/// interruption can be tried in microseconds.
/// </summary>
public static class RunDecider
{
    /// <summary>Steps that may be claimed now: all they need is over, and they were not begun, or are due to be tried again.</summary>
    public static IEnumerable<StepState> Due(RunState run, DateTimeOffset now) => run.Status is RunStatus.Running
        ? run.Steps.Where(s => IsDue(s, now) && s.Step.Needs.All(n => run.Find(n)!.Over))
        : [];

    /// <summary>Steps that fall due with a run's start, or, where one is given, with a step's end.</summary>
    public static IEnumerable<StepState> DueAfter(RunState run, RecoveryStep? end) => run.Steps.Where(s =>
        s.Status is StepStatus.Pending
        && (end is null || s.Step.Needs.Contains(end.Id))
        && s.Step.Needs.All(n => n == end?.Id || run.Find(n)!.Over));

    /// <summary>When the next step falls due by the clock alone; null where none does.</summary>
    public static DateTimeOffset? NextRetry(RunState run) => run.Status is RunStatus.Running
        ? run.Steps.Where(s => s.Status is StepStatus.Failed && s.RetryAt is not null).Min(s => s.RetryAt)
        : null;

    /// <summary>True where every step is over.</summary>
    public static bool IsOver(RunState run) => run.Steps.All(s => s.Over);

    /// <summary>Why only an operator can bring a running run on; null while something is under way, due, or waiting for the clock.</summary>
    public static string? Stuck(RunState run, DateTimeOffset now)
    {
        if (run.Status is not RunStatus.Running || IsOver(run) || Due(run, now).Any())
        {
            return null;
        }

        var open = run.Steps.Where(s => !s.Over).ToList();
        if (open.Any(s => s.Status is StepStatus.Claimed or StepStatus.Acting or StepStatus.Verifying or StepStatus.Waiting
            || s.RetryAt is not null))
        {
            return null;
        }

        var failed = open.First(s => s.Status is StepStatus.Failed);
        return $"{failed.Step.Id}: {failed.Failure!.What}";
    }

    /// <summary>What still keeps a run from starting; null when it may.</summary>
    public static string? NotYetApproved(RunState run, DateTimeOffset now)
    {
        var rule = run.Planned.Approval;
        var approved = run.Approvals.Select(a => a.By).Distinct(StringComparer.Ordinal).Count();
        var proceeds = rule.ProceedAfterDeadline && rule.Deadline is { } deadline && now >= deadline;
        return Unaccepted(run) is { } loss ? loss
            : approved >= rule.Needed || proceeds ? null
            : $"{rule.Needed - approved} more approval(s) by {string.Join(" or ", rule.Approvers)}";
    }

    /// <summary>Unknown is not zero: a loss that is too great, or cannot be measured, waits for a person to accept it by name.</summary>
    private static string? Unaccepted(RunState run)
    {
        if (run.Planned.Kind is not Plan.Model.RunKind.Failover || run.Planned.DryRun)
        {
            return null;
        }

        var refused = run.Planned.ExpectedLoss.FirstOrDefault(l => l.Refused && !run.Accepted.Contains(l.Component));
        return refused is null ? null : $"somebody to accept the loss of {refused.Component} by name ({refused.Basis})";
    }

    private static bool IsDue(StepState step, DateTimeOffset now) => step.Status switch
    {
        StepStatus.Pending => true,
        StepStatus.Failed => step.RetryAt is { } at && at <= now,
        _ => false,
    };
}
