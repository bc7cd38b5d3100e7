using Kedge.CommandLine.Rendering.Plans;
using Kedge.CommandLine.Rendering.Text;
using Kedge.Plan.Model;
using Kedge.Recover.Run;

namespace Kedge.CommandLine.Rendering.Runs;

/// <summary>Something that a person can do about a run now, as the command to type.</summary>
/// <param name="Why">What it is for.</param>
public sealed record NextMove(string Command, string Why);

/// <summary>What a person can do about a run.</summary>
public static class NextMoves
{
    /// <summary>The likeliest first; empty where nothing waits for anybody.</summary>
    /// <param name="led">Whether some node leads, so that the run goes on by itself.</param>
    public static IReadOnlyList<NextMove> Of(RunState run, bool led)
    {
        ArgumentNullException.ThrowIfNull(run);
        return run.Status switch
        {
            RunStatus.AwaitingApproval => Approval(run),
            RunStatus.Paused => [.. Steps(run), Abort(run)],
            RunStatus.Running => [.. led ? [] : new[] { new NextMove($"kedge run resume {run.Id}", "nobody leads: carries the run on from here") }, .. Steps(run)],
            RunStatus.AwaitingCommit =>
            [
                new($"kedge run commit {run.Id}", "stay here for good; the way back closes, protection can be rebuilt"),
                new($"kedge run rollback {run.Id}", "go back, as long as nothing was written here"),
            ],
            RunStatus.Committed when run.Planned.Kind is RunKind.Failover =>
                [new($"kedge reprotect {string.Join(' ', run.Plan.Moves.Select(m => m.Service))}", "rebuild protection in the other direction")],
            _ => [],
        };
    }

    /// <summary>Commands, each with what it is for.</summary>
    internal static Table Table(IEnumerable<NextMove> moves, int indent)
    {
        var table = new Table([new(""), new("", Flexible: true)], indent);
        foreach (var move in moves)
        {
            table.Add([Styled.Accent(move.Command), Styled.Quiet(move.Why)]);
        }

        return table;
    }

    private static List<NextMove> Approval(RunState run)
    {
        var refused = run.Planned.ExpectedLoss.Where(l => l.Refused && !run.Accepted.Contains(l.Component)).Select(l => l.Component).ToList();
        var accept = string.Concat(refused.Select(c => $" --accept-loss {c}"));
        return
        [
            new($"kedge run approve {run.Id}{accept}", refused.Count > 0 ? "agree, and accept by name what is lost" : "agree; it begins once enough people have"),
            new($"kedge run decline {run.Id}", "refuse; the run ends"),
        ];
    }

    private static IEnumerable<NextMove> Steps(RunState run)
    {
        var numbers = RecoveryPlanTable.Numbers(run.Plan);
        foreach (var step in run.Steps)
        {
            var number = numbers[step.Step.Id];
            var failed = step is { Status: StepStatus.Failed, RetryAt: null };
            if (failed)
            {
                yield return new($"kedge run retry {run.Id} {number}", step.Failure!.OutcomeUnknown && !step.Step.SafeToRepeat ? "try it again, though it may have had its effect" : "try it again");
            }

            if (step.Status is StepStatus.Waiting || (failed && step.Step.Fences))
            {
                yield return new($"kedge run confirm {run.Id} {number} --note \"{step.Step.ConfirmWith ?? "…"}\"", step.Step.Fences ? "attest that it cannot accept writes, in your own words" : "say that it was done");
            }

            if (!step.Step.Fences && (failed || step.Status is StepStatus.Waiting))
            {
                yield return new($"kedge run skip {run.Id} {number} --reason \"…\"", "go on without it");
            }
        }
    }

    private static NextMove Abort(RunState run) => new($"kedge run abort {run.Id} --reason \"…\"", "end the run; what it had done stays done");
}
