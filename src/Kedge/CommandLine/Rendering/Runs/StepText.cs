using Kedge.CommandLine.Rendering.Text;
using Kedge.Journal.Events;
using Kedge.Recover.Run;

namespace Kedge.CommandLine.Rendering.Runs;

/// <summary>Where a step stands, in a word.</summary>
internal static class StepText
{
    public static Styled Mark(StepState step) => step.Status switch
    {
        StepStatus.Done => Styled.Good("✓"),
        StepStatus.Skipped => Styled.Quiet("–"),
        StepStatus.Failed => step.RetryAt is null ? Styled.Bad("✗") : Styled.Warning("↻"),
        StepStatus.Waiting => Styled.Warning("?"),
        StepStatus.Pending => Styled.Quiet("·"),
        _ => Styled.Accent("●"),
    };

    public static Styled Status(StepState step, DateTimeOffset now) => step.Status switch
    {
        StepStatus.Pending => Styled.Quiet("to do"),
        StepStatus.Claimed => Styled.Accent("begun"),
        StepStatus.Acting => Styled.Accent(step.Attempts > 1 ? $"at work, attempt {step.Attempts}" : "at work"),
        StepStatus.Verifying => Styled.Accent("verifying"),
        StepStatus.Waiting => Styled.Warning("waits for you"),
        StepStatus.Failed when step.RetryAt is { } at => Styled.Warning($"again in {Figures.Running(at > now ? at - now : TimeSpan.Zero)}"),
        StepStatus.Failed => Styled.Bad(step.Attempts > 1 ? $"FAILED {step.Attempts}×" : "FAILED"),
        StepStatus.Done => Styled.Good("done"),
        StepStatus.Skipped => Styled.Of("skipped"),
        _ => throw new ArgumentOutOfRangeException(nameof(step), step.Status, "unknown status"),
    };

    /// <summary>From the first claim to the end, or to now; null where it was not begun.</summary>
    public static TimeSpan? Elapsed(StepState step, DateTimeOffset now)
    {
        if (step.ClaimedAt is not { } from)
        {
            return null;
        }

        var until = step.EndedAt ?? now;
        return until > from ? until - from : TimeSpan.Zero;
    }

    public static Styled ElapsedText(StepState step, DateTimeOffset now)
    {
        if (Elapsed(step, now) is not { } elapsed)
        {
            return Styled.Empty;
        }

        var text = step.EndedAt is null ? Figures.Running(elapsed) : Figures.Time(elapsed);
        return elapsed > Expected(step.Step) * 3 && elapsed > TimeSpan.FromSeconds(1) ? Styled.Warning(text) : Styled.Of(text);
    }

    public static TimeSpan Expected(RecoveryStep step) => step.Estimate;

    /// <summary>What stands below a step's row: its failure with the hint, what it waits for, why it was skipped.</summary>
    public static IReadOnlyList<Styled> Details(StepState step) => step switch
    {
        { Status: StepStatus.Failed, Failure: { } failure } =>
        [
            Styled.Bad((step.RetryAt is null ? "" : $"attempt {step.Attempts} of {step.Step.Attempts}: ") + failure.What),
            .. failure.OutcomeUnknown ? [Styled.Warning("whether it had its effect is not known")] : Array.Empty<Styled>(),
            .. failure.Hint is { } hint ? [Styled.Of($"→ {hint}")] : Array.Empty<Styled>(),
        ],
        { Status: StepStatus.Waiting, Step.Instruction: { } instruction } when instruction != step.Step.Title => [Styled.Warning(instruction)],
        { Status: StepStatus.Skipped, Note: { } reason } => [Styled.Quiet(reason)],
        _ => [],
    };
}
