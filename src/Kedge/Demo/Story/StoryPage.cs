using Spectre.Console.Rendering;

namespace Kedge.Demo.Story;

/// <summary>How wide a page is, and what it is drawn with.</summary>
internal sealed record PageSpace(int Width, Glyphs Glyphs);

/// <summary>A part of the story that fits itself to the width that it is given; no line is longer.</summary>
internal sealed class StoryPage(Func<PageSpace, IEnumerable<StoryLine>> lines) : Renderable
{
    /// <summary>Beyond this a line is hard to follow.</summary>
    private const int Widest = 110;

    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        var space = new PageSpace(Math.Min(maxWidth, Widest), options.Unicode ? Glyphs.Unicode : Glyphs.Ascii);
        foreach (var line in lines(space))
        {
            var left = space.Width;
            foreach (var (text, tone) in line.Pieces)
            {
                var cut = StoryLine.Cut(text, left);
                left -= cut.Length;
                yield return new(cut, StoryLine.StyleOf(tone));
            }

            yield return Segment.LineBreak;
        }
    }
}
