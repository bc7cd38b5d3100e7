using Kedge.Journal.Events;
using Kedge.Plan.Model;

namespace Kedge.Recover.Compile;

/// <summary>
/// How long a recovery plan is expected to take from its start until everybody is served again: the longest chain of
/// estimates up to the end-to-end tests, with the time until clients follow a switched address.
/// </summary>
/// <param name="CriticalPath">Identities of the steps that decide it, first to last.</param>
/// <param name="Basis">Share of the critical path's steps whose estimate was measured, as a sentence.</param>
public sealed record Prediction(TimeSpan Time, IReadOnlyList<string> CriticalPath, string Basis)
{
    private static readonly Phase[] Afterwards = [Phase.Announce, Phase.Reprotect, Phase.CleanUp];

    /// <summary>Predicts. Steps after the service is back (reprotection, announcements) do not count; blocked ones count as zero and are named in the basis.</summary>
    public static Prediction Of(RecoveryPlan plan)
    {
        var steps = plan.Steps.Where(s => s.Required && !Afterwards.Contains(s.Phase)).ToList();
        var finish = new Dictionary<string, (TimeSpan At, string? Before)>(StringComparer.Ordinal);
        (TimeSpan At, string Step)? last = null;
        foreach (var step in steps)
        {
            var start = TimeSpan.Zero;
            string? before = null;
            foreach (var need in step.Needs)
            {
                if (finish.TryGetValue(need, out var done) && done.At >= start)
                {
                    (start, before) = (done.At, need);
                }
            }

            finish[step.Id] = (start + step.Estimate, before);

            // A client may go to the old address until the record has run out, however soon the check here succeeds.
            var seen = start + step.Estimate + (step.Settles ?? TimeSpan.Zero);
            if (last is null || seen > last.Value.At)
            {
                last = (seen, step.Id);
            }
        }

        if (last is null)
        {
            return new(TimeSpan.Zero, [], "there is nothing to do");
        }

        var path = new List<string>();
        for (var step = last.Value.Step; step is not null; step = finish[step].Before)
        {
            path.Insert(0, step);
        }

        return new(last.Value.At, path, Describe(steps, path));
    }

    private static string Describe(IReadOnlyList<RecoveryStep> steps, List<string> path)
    {
        var onPath = steps.Where(s => path.Contains(s.Id)).ToList();
        var measured = onPath.Count(s => s.EstimateBasis.EndsWith("run", StringComparison.Ordinal)
            || s.EstimateBasis.EndsWith("runs", StringComparison.Ordinal));
        var blocked = steps.Count(s => s.Kind is StepKind.Blocked);
        return $"{measured} of {onPath.Count} steps on the critical path were measured in earlier runs"
            + (blocked > 0 ? $"; {blocked} blocked steps have no time" : "");
    }
}
