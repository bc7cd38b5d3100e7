using Kedge.CommandLine.Rendering.Plans;
using Kedge.CommandLine.Rendering.Text;
using Kedge.Recover.Run;

namespace Kedge.CommandLine.Rendering.Runs;

/// <summary>The steps of a run with status, elapsed and expected time.</summary>
internal static class RunTable
{
    /// <param name="most">How many rows at most: what is under way or failed comes first, then its neighbours; the rest is counted.</param>
    /// <param name="notes">Whether what was seen of each step stands below it.</param>
    public static Table Of(RunState run, DateTimeOffset now, int most, bool notes)
    {
        var steps = run.Steps.ToList();
        var numbers = RecoveryPlanTable.Numbers(run.Plan);
        var shown = Choose(steps, most);
        var table = new Table(
        [
            new(""),
            new("#", Right: true),
            new("Step", Flexible: true, Narrowest: 20),
            new("At", Flexible: true, Narrowest: 6),
            new("Status", Flexible: true, Narrowest: 15),
            new("Elapsed", Right: true),
            new("Expected", Right: true),
        ]);
        for (var i = 0; i < steps.Count;)
        {
            if (!shown.Contains(i))
            {
                var until = i;
                while (until < steps.Count && !shown.Contains(until))
                {
                    until++;
                }

                table.Add(["", "", Styled.Quiet(Summary(steps[i..until])), "", "", "", ""]);
                i = until;
                continue;
            }

            var step = steps[i];
            table.Add(
            [
                StepText.Mark(step),
                $"{numbers[step.Step.Id]}",
                step.Step.Title,
                step.Step.At.Value,
                StepText.Status(step, now),
                StepText.ElapsedText(step, now),
                Styled.Quiet(Figures.Time(StepText.Expected(step.Step))),
            ],
                Details(step, notes));
            i++;
        }

        return table;
    }

    private static IReadOnlyList<Styled> Details(StepState step, bool notes)
    {
        var details = StepText.Details(step);
        return details.Count == 0 && notes && step is { Status: StepStatus.Done, Note: { Length: > 0 } note } ? [Styled.Quiet(note)] : details;
    }

    private static HashSet<int> Choose(List<StepState> steps, int most)
    {
        if (steps.Count <= most)
        {
            return [.. Enumerable.Range(0, steps.Count)];
        }

        var front = steps.FindIndex(s => !s.Over) is var first and >= 0 ? first : steps.Count - 1;
        return [.. Enumerable.Range(0, steps.Count)
            .OrderBy(i => steps[i].Status switch
            {
                StepStatus.Failed or StepStatus.Waiting => 0,
                StepStatus.Claimed or StepStatus.Acting or StepStatus.Verifying => 1,
                _ => 2,
            })
            .ThenBy(i => Math.Abs(i - front))
            .Take(most)];
    }

    private static string Summary(List<StepState> hidden)
    {
        var parts = new List<string>();
        Add(hidden.Count(s => s.Over), "done");
        Add(hidden.Count(s => s.Status is StepStatus.Pending), "to do");
        Add(hidden.Count(s => !s.Over && s.Status is not StepStatus.Pending), "under way");
        return $"… {Figures.Count(hidden.Count, "step")}: {string.Join(", ", parts)}";

        void Add(int count, string what)
        {
            if (count > 0)
            {
                parts.Add($"{count} {what}");
            }
        }
    }
}
