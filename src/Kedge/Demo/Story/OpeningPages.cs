using Spectre.Console.Rendering;

namespace Kedge.Demo.Story;

/// <summary>How the story begins, and how each chapter does.</summary>
internal static class OpeningPages
{
    private const int Indent = 2;

    /// <summary>The first thing that anybody sees of Kedge.</summary>
    public static IRenderable Headline(string title, string subtitle) => new StoryPage(space =>
    [
        StoryLine.Empty,
        new StoryLine().To(Indent).Add(title, Tone.Strong),
        .. Wrap(subtitle, space.Width - (2 * Indent)).Select(line => new StoryLine().To(Indent).Add(line, Tone.Quiet)),
    ]);

    /// <summary>An empty line.</summary>
    public static IRenderable Gap { get; } = new StoryPage(static _ => [StoryLine.Empty]);

    /// <param name="clock">Since the demo began.</param>
    public static IRenderable Chapter(string title, TimeSpan clock) => new StoryPage(space =>
    {
        var at = $" {(int)clock.TotalMinutes}:{clock.Seconds:00} ";
        var rule = space.Width - (2 * Indent) - title.Length - 2 - at.Length;
        return
        [
            new StoryLine()
                .Add(new string(space.Glyphs.Rule, Indent), Tone.Drawn).Add($" {title} ", Tone.Strong)
                .Add(new string(space.Glyphs.Rule, Math.Max(rule, 0)), Tone.Drawn)
                .Add(at, Tone.Quiet).Add(new string(space.Glyphs.Rule, Indent), Tone.Drawn),
            StoryLine.Empty,
        ];
    });

    /// <summary>A sentence or two.</summary>
    public static IRenderable Sentence(string text, Tone tone) => new StoryPage(space => Wrap(text, space.Width - (2 * Indent))
        .Select(line => new StoryLine().To(Indent).Add(line, tone)));

    /// <summary>Both sites side by side, with what runs there.</summary>
    /// <param name="name">The service's name in DNS.</param>
    /// <param name="points">The address that it has now.</param>
    public static IRenderable Sites(SiteFacts left, SiteFacts right, string name, string points) => new StoryPage(space =>
    {
        var half = (space.Width - (2 * Indent)) / 2;
        var lines = new List<StoryLine>
        {
            new StoryLine().To(Indent).Add("customers ").Add(space.Glyphs.Arrow, Tone.Drawn).Add($" {name} ")
                .Add(space.Glyphs.Arrow, Tone.Drawn).Add($" {points}", Tone.Strong),
            StoryLine.Empty,
            new StoryLine().To(Indent).Add(left.Title, Tone.Strong).Add($"  {left.Address}", Tone.Quiet)
                .To(Indent + half).Add(right.Title, Tone.Strong).Add($"  {right.Address}", Tone.Quiet),
        };
        for (var i = 0; i < Math.Max(left.Parts.Count, right.Parts.Count); i++)
        {
            var line = new StoryLine().To(Indent);
            AddPart(line, left.Parts.ElementAtOrDefault(i), half, space.Glyphs);
            AddPart(line.To(Indent + half), right.Parts.ElementAtOrDefault(i), half, space.Glyphs);
            lines.Add(line);
        }

        return lines;
    });

    private static void AddPart(StoryLine line, PartFacts? part, int width, Glyphs glyphs)
    {
        if (part is null)
        {
            return;
        }

        var (sign, tone) = part.State switch
        {
            PartState.Running => (glyphs.Running, Tone.Good),
            PartState.Dormant => (glyphs.Dormant, Tone.Quiet),
            _ => (glyphs.Dead, Tone.Bad),
        };
        line.Add($"{sign} ", tone).Cell(part.Title, 15).Add("  ")
            .Add(StoryLine.Cut(part.Role, width - 19), part.State is PartState.Running ? Tone.Plain : tone);
    }

    internal static IEnumerable<string> Wrap(string text, int width)
    {
        var line = "";
        foreach (var word in text.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line;
                line = "";
            }

            line = line.Length == 0 ? word : $"{line} {word}";
        }

        yield return line;
    }
}
