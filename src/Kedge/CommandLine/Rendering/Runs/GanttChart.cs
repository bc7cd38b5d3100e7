using Kedge.CommandLine.Rendering.Plans;
using Kedge.CommandLine.Rendering.Text;
using Kedge.Recover.Run;

namespace Kedge.CommandLine.Rendering.Runs;

/// <summary>When each step of a run was at work, as bars against the time since the run began.</summary>
public static class GanttChart
{
    private const int TimeColumns = 9;

    /// <summary>Empty where no step was begun.</summary>
    public static IReadOnlyList<Styled> Of(RunState run, int width)
    {
        ArgumentNullException.ThrowIfNull(run);
        var begun = run.Steps.Where(s => s is { ClaimedAt: not null, EndedAt: not null }).ToList();
        if (begun.Count == 0)
        {
            return [];
        }

        var from = begun.Min(s => s.ClaimedAt!.Value);
        var numbers = RecoveryPlanTable.Numbers(run.Plan);
        var titles = Math.Min(begun.Max(s => Columns.Of(s.Step.Title)), Math.Max(24, width / 3));
        var axis = Axis.For(begun.Max(s => s.EndedAt!.Value) - from, Math.Max(20, width - 5 - titles - 2 - TimeColumns));
        var lines = new List<Styled> { Styled.Quiet(new string(' ', titles + 7) + axis.Labels()) };
        foreach (var step in begun)
        {
            var name = Columns.Of(step.Step.Title) <= titles ? Styled.Of(step.Step.Title) : Shortened(step.Step.Title, titles);
            var took = step.EndedAt!.Value - step.ClaimedAt!.Value;
            lines.Add(
                Styled.Quiet($"{numbers[step.Step.Id],3}") + "  " + name.Padded(titles) + "  "
                + axis.Bar(step.ClaimedAt.Value - from, took, step.Status is StepStatus.Skipped)
                + Styled.Quiet(Figures.Time(took).PadLeft(TimeColumns)));
        }

        return lines;
    }

    private static Styled Shortened(string title, int width)
    {
        var text = title;
        while (Columns.Of(text) > width - 1)
        {
            text = text[..^1];
        }

        return Styled.Of(text.TrimEnd() + "…");
    }

    /// <summary>A time axis with round marks.</summary>
    private sealed record Axis(TimeSpan Whole, TimeSpan Mark, int Width)
    {
        private const string Parts = "▏▎▍▌▋▊▉";
        private const int LabelColumns = 9;

        private static readonly TimeSpan[] RoundTimes =
        [
            .. new[] { 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 21600, 86400 }.Select(TimeSpan.FromSeconds),
        ];

        public static Axis For(TimeSpan longest, int width)
        {
            var whole = longest > TimeSpan.FromMilliseconds(1) ? longest : TimeSpan.FromMilliseconds(1);
            return new(whole, RoundTimes.FirstOrDefault(r => whole / r * LabelColumns <= width, whole), width);
        }

        public string Labels()
        {
            var line = new char[Width];
            Array.Fill(line, ' ');
            for (var at = TimeSpan.Zero; at <= Whole; at += Mark)
            {
                var text = at == TimeSpan.Zero ? "0" : Plan.Contracts.Durations.Show(at);
                var from = (int)(at / Whole * Width);
                if (from + text.Length <= Width)
                {
                    text.CopyTo(line.AsSpan(from));
                }
            }

            return new string(line).TrimEnd();
        }

        /// <summary>In eighths of a column; what was quick still shows as a sliver.</summary>
        public Styled Bar(TimeSpan start, TimeSpan took, bool skipped)
        {
            var first = Math.Min(Width - 1, (int)(start / Whole * Width));
            var eighths = Math.Clamp((int)Math.Round(((start + took) / Whole * Width * 8) - (first * 8)), 1, (Width - first) * 8);
            var bar = skipped
                ? new string('░', Math.Max(1, eighths / 8))
                : new string('█', eighths / 8) + (eighths % 8 > 0 ? Parts[(eighths % 8) - 1].ToString() : "");
            return Styled.Of(new string(' ', first)) + Styled.Of(bar, skipped ? Tone.Quiet : Tone.Accent) + new string(' ', Math.Max(0, Width - first - bar.Length));
        }
    }
}
