using Spectre.Console.Rendering;

namespace Kedge.Demo.Story;

/// <summary>The customers' side: orders acknowledged and refused.</summary>
internal static class OrderPages
{
    private const int Indent = 2;
    private static readonly TimeSpan Each = TimeSpan.FromMilliseconds(250);

    /// <summary>One line that is drawn again all the time: the counters, and the last seconds as a strip.</summary>
    public static IRenderable Counters(OrderFigures orders, DateTimeOffset now) => new StoryPage(space =>
    {
        var line = new StoryLine().To(Indent).Add("orders  ", Tone.Quiet)
            .Add(Spans.Show(orders.Acknowledged), Tone.Strong).Add(" acknowledged  ")
            .Add(Spans.Show(orders.Refused), orders.Refused > 0 ? Tone.Bad : Tone.Strong).Add(" refused  ");
        var cells = Math.Min(space.Width - line.Length - Indent, 40);
        var whole = new DateTimeOffset(now.Ticks - (now.Ticks % Each.Ticks), now.Offset);
        return [Strip(line, orders, whole - (Each * cells), Each, cells, space.Glyphs)];
    });

    /// <summary>A time as a strip of the full width: how many orders were acknowledged, and when they were refused.</summary>
    public static IRenderable Timeline(OrderFigures orders, DateTimeOffset from, DateTimeOffset to) => new StoryPage(space =>
    {
        var cells = space.Width - (2 * Indent);
        var each = new TimeSpan(Math.Max((to - from).Ticks / cells, 1));
        return
        [
            Strip(new StoryLine().To(Indent), orders, from, each, cells, space.Glyphs),
            new StoryLine().To(Indent).Add(
                $"orders acknowledged (columns) and refused ({space.Glyphs.Refused}), {Spans.Show(each)} each", Tone.Quiet),
        ];
    });

    private static StoryLine Strip(
        StoryLine line, OrderFigures orders, DateTimeOffset from, TimeSpan each, int cells, Glyphs glyphs)
    {
        if (cells <= 0)
        {
            return line;
        }

        var counts = orders.Count(from, each, cells);
        var most = Math.Max(counts.Max(c => c.Acknowledged), 1);
        var run = "";
        var tone = Tone.Good;
        foreach (var (acknowledged, refused) in counts)
        {
            var (sign, its) = acknowledged == 0
                ? refused > 0 ? (glyphs.Refused, Tone.Bad) : (' ', Tone.Good)
                : (glyphs.Heights[((acknowledged * glyphs.Heights.Length) - 1) / most], refused > 0 ? Tone.Waiting : Tone.Good);
            if (its != tone)
            {
                line.Add(run, tone);
                (run, tone) = ("", its);
            }

            run += sign;
        }

        return line.Add(run, tone);
    }
}
