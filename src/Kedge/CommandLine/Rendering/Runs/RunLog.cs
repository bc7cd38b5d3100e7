using Kedge.CommandLine.Rendering.Plans;
using Kedge.CommandLine.Rendering.Text;
using Kedge.Decide;
using Kedge.Recover.Run;

namespace Kedge.CommandLine.Rendering.Runs;

/// <summary>What happened to a run since the last look, a line each: for logs and pipes, where nothing can be redrawn.</summary>
public sealed class RunLog(RunState run)
{
    private readonly Dictionary<string, (StepStatus Status, int Attempts)> seen = run.Steps
        .ToDictionary(s => s.Step.Id, _ => (StepStatus.Pending, 0), StringComparer.Ordinal);

    private readonly IReadOnlyDictionary<string, int> numbers = RecoveryPlanTable.Numbers(run.Plan);
    private RunStatus? status;
    private bool serving;

    /// <summary>New lines, each with the time of day and the time since the decision.</summary>
    public IReadOnlyList<Styled> Next(Incident? incident, DateTimeOffset now, TimeZoneInfo zone)
    {
        var lines = new List<Styled>();
        var clocks = RunClocks.Of(run, incident);
        if (run.Status is RunStatus.AwaitingApproval or RunStatus.Running)
        {
            AddStatus(lines, clocks, zone);
        }

        foreach (var step in run.Steps.OrderBy(s => s.Since))
        {
            var before = seen[step.Step.Id];
            if (before == (step.Status, step.Attempts) || step.Status is StepStatus.Claimed or StepStatus.Pending or StepStatus.Verifying)
            {
                continue;
            }

            seen[step.Step.Id] = (step.Status, step.Attempts);
            lines.Add(Line(step.Since ?? now, clocks, zone, StepLine(step, now)));
            lines.AddRange(StepText.Details(step).Select(d => Styled.Of(new string(' ', 28)) + d));
        }

        if (!serving && run.ServingAt is { } at)
        {
            serving = true;
            lines.Add(Line(at, clocks, zone, Styled.Good("every service answers at its new site")));
        }

        AddStatus(lines, clocks, zone);
        return lines;
    }

    private void AddStatus(List<Styled> lines, RunClocks clocks, TimeZoneInfo zone)
    {
        if (status != run.Status)
        {
            status = run.Status;
            lines.Add(Line(run.Since, clocks, zone, Styled.Strong($"{run.Id} ") + Words.Of(run.Status) + (run.Because is { } because ? $": {because}" : "")));
        }
    }

    private Styled StepLine(StepState step, DateTimeOffset now)
    {
        var took = step.Status is StepStatus.Done && StepText.Elapsed(step, now) is { } elapsed ? Styled.Quiet($"  {Figures.Time(elapsed)} (expected {Figures.Time(StepText.Expected(step.Step))})") : "";
        return StepText.Mark(step) + $" {numbers[step.Step.Id],3}  {step.Step.Title}  " + StepText.Status(step, now) + took;
    }

    private static Styled Line(DateTimeOffset at, RunClocks clocks, TimeZoneInfo zone, Styled text) =>
        Styled.Quiet($"{Figures.Clock(at, zone)}  {(clocks.Decided is { } decided ? $"+{Figures.Time(at > decided ? at - decided : TimeSpan.Zero)}" : ""),10}  ") + text;
}
