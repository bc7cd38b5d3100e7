using Kedge.Demo.Story;
using Kedge.Recover.Run;

namespace Kedge.Demo.Play;

/// <summary>What the story shows of a run.</summary>
internal static class RunFacts
{
    public static IReadOnlyList<StepBar> Bars(RunState run) => [.. run.Steps.Select(s => Bar(run, s))];

    /// <summary>A line for each step that has ended, in the order in which they did.</summary>
    public static IReadOnlyList<string> News(RunState run) =>
    [
        .. run.Steps.Where(s => s.Over).OrderBy(s => s.EndedAt).Select(s => GanttChart.StepInWords(Bar(run, s))),
    ];

    private static StepBar Bar(RunState run, StepState step) => new(
        $"{Action(step)} {What(step)}",
        step.Step.Instance?.Site.Value ?? step.Step.At.Value,
        step.ClaimedAt - run.StartedAt,
        step.EndedAt - run.StartedAt,
        step.Status switch
        {
            StepStatus.Done => StepOutcome.Done,
            StepStatus.Skipped => StepOutcome.Skipped,
            StepStatus.Failed => StepOutcome.Failed,
            StepStatus.Pending => StepOutcome.Waiting,
            _ => StepOutcome.Running,
        });

    private static string Action(StepState step) => step.Step.Id[..step.Step.Id.IndexOf(' ', StringComparison.Ordinal)];

    private static string What(StepState step) => step.Step.Instance?.Component.ToString() ?? step.Step.Service.ToString();
}
