using Spectre.Console.Rendering;

namespace Kedge.Demo.Story;

/// <summary>The steps of a run as bars over time, drawn anew as it goes on.</summary>
internal static class GanttChart
{
    private const int Indent = 2;
    private const int TookWidth = 9;

    /// <param name="now">Since the run began; bars that are under way end here.</param>
    /// <param name="atLeast">The shortest time that the axis shows (the prediction), so that it does not jump.</param>
    public static IRenderable Of(IReadOnlyList<StepBar> steps, TimeSpan now, TimeSpan atLeast) => new StoryPage(space =>
    {
        var site = steps.Max(s => s.Site.Length) + 2;
        var title = Math.Min(steps.Max(s => s.Title.Length), (space.Width / 2) - site) + 2;
        var cells = space.Width - (2 * Indent) - title - site - TookWidth;
        var last = steps.Max(s => s.End ?? (s.Begin is null ? TimeSpan.Zero : now));
        var scale = Axis.For(Longer(last, atLeast), cells);
        return steps.Select(step => Line(step, title, site, now, scale, space.Glyphs))
            .Append(new StoryLine().To(Indent + title + site).Add(scale.Labels(), Tone.Quiet));
    });

    /// <summary>One step that has ended, in a line of a log.</summary>
    public static string StepInWords(StepBar step) => step switch
    {
        { Begin: { } begin, End: { } end } =>
            $"{step.Title} at {step.Site}: {Word(step.Outcome)} after {Spans.Show(end - begin)}, begun at {Spans.Show(begin)}",
        _ => $"{step.Title} at {step.Site}: {Word(step.Outcome)}",
    };

    private static StoryLine Line(StepBar step, int title, int site, TimeSpan now, Axis scale, Glyphs glyphs)
    {
        var line = new StoryLine().To(Indent)
            .Cell(step.Title, title - 2, step.Outcome is StepOutcome.Waiting ? Tone.Quiet : Tone.Plain).Add("  ")
            .Cell(step.Site, site, Tone.Quiet);
        if (step.Begin is not { } begin)
        {
            return step.Outcome is StepOutcome.Skipped ? line.Add("skipped", Tone.Waiting) : line;
        }

        var end = step.End ?? Longer(now, begin);
        var from = (int)scale.Cells(begin);
        var tone = step.Outcome switch
        {
            StepOutcome.Failed => Tone.Bad,
            StepOutcome.Running => Tone.Waiting,
            _ => Tone.Drawn,
        };
        var bar = glyphs.Bar(Math.Max(scale.Cells(end) - from, 0.5));
        return line.Add(new string(' ', from)).Add(bar[..Math.Min(bar.Length, scale.Width - from)], tone)
            .To(Indent + title + site + scale.Width)
            .Cell(Spans.Show(end - begin), TookWidth, step.Outcome is StepOutcome.Failed ? Tone.Bad : Tone.Quiet, right: true);
    }

    private static string Word(StepOutcome outcome) => outcome switch
    {
        StepOutcome.Waiting => "waits",
        StepOutcome.Running => "under way",
        StepOutcome.Done => "done",
        StepOutcome.Failed => "failed",
        _ => "skipped",
    };

    private static TimeSpan Longer(TimeSpan a, TimeSpan b) => a > b ? a : b;

    /// <summary>A time axis with round marks.</summary>
    private sealed record Axis(TimeSpan Whole, TimeSpan Mark, int Width)
    {
        private static readonly TimeSpan[] RoundTimes =
        [
            .. new[] { 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600 }.Select(TimeSpan.FromSeconds),
        ];

        public static Axis For(TimeSpan longest, int width)
        {
            var mark = RoundTimes.FirstOrDefault(r => longest / r * 8 <= width, longest);
            return new(Longer(longest * 1.02, mark), mark, width);
        }

        public double Cells(TimeSpan at) => Math.Min(at / Whole * Width, Width - 0.5);

        public string Labels()
        {
            var line = new char[Width];
            Array.Fill(line, ' ');
            for (var at = TimeSpan.Zero; at <= Whole; at += Mark)
            {
                var text = at == TimeSpan.Zero ? "0" : Spans.ShowRound(at);
                var from = (int)Cells(at);
                if (from + text.Length <= Width)
                {
                    text.CopyTo(line.AsSpan(from));
                }
            }

            return new string(line).TrimEnd();
        }
    }
}
