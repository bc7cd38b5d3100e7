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
        var span = begun.Max(s => s.EndedAt!.Value) - from;
        span = span > TimeSpan.FromMilliseconds(1) ? span : TimeSpan.FromMilliseconds(1);
        var numbers = RecoveryPlanTable.Numbers(run.Plan);
        var titles = Math.Min(begun.Max(s => Columns.Of(s.Step.Title)), Math.Max(24, width / 3));
        var room = Math.Max(20, width - 5 - titles - 2 - TimeColumns);
        var lines = new List<Styled> { Axis(span, titles + 7, room) };
        foreach (var step in begun)
        {
            var title = Styled.Of(step.Step.Title).Wrapped(titles);
            var name = title.Count == 1 ? title[0] : Shortened(step.Step.Title, titles);
            var took = step.EndedAt!.Value - step.ClaimedAt!.Value;
            lines.Add(
                Styled.Quiet($"{numbers[step.Step.Id],3}") + "  " + name.Padded(titles) + "  "
                + Bar(step.ClaimedAt.Value - from, took, span, room, step.Status is StepStatus.Skipped)
                + Styled.Quiet(Figures.Time(took).PadLeft(TimeColumns)));
        }

        return lines;
    }

    private static Styled Bar(TimeSpan start, TimeSpan took, TimeSpan span, int room, bool skipped)
    {
        var first = Math.Min(room - 1, (int)Math.Floor(start / span * room));
        var last = Math.Clamp((int)Math.Ceiling((start + took) / span * room), first + 1, room);
        var bar = took.Ticks * room < span.Ticks / 2 ? "▏" : new string(skipped ? '░' : '█', last - first);
        return Styled.Of(new string(' ', first)) + Styled.Of(bar, skipped ? Tone.Quiet : Tone.Accent) + new string(' ', Math.Max(0, room - first - bar.Length));
    }

    /// <summary>A mark at every quarter.</summary>
    private static Styled Axis(TimeSpan span, int before, int room)
    {
        var axis = new char[room + TimeColumns];
        Array.Fill(axis, ' ');
        for (var quarter = 0; quarter <= 4; quarter++)
        {
            var text = Figures.Time(span * (quarter / 4.0));
            var at = Math.Min((int)(room * quarter / 4.0), axis.Length - text.Length);
            text.CopyTo(0, axis, at, text.Length);
        }

        return Styled.Quiet(new string(' ', before) + new string(axis));
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
}
