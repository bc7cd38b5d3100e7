using Spectre.Console;

namespace Kedge.Demo.Story;

/// <summary>What a piece of text means; the terminal's colours follow from it, a log does without.</summary>
internal enum Tone
{
    Plain,
    Strong,

    /// <summary>Needed, but not first.</summary>
    Quiet,
    Good,
    Bad,
    Waiting,

    /// <summary>Bars and arrows.</summary>
    Drawn,
}

/// <summary>One line of a page: pieces of text, each with its tone.</summary>
internal sealed class StoryLine
{
    private readonly List<(string Text, Tone Tone)> pieces = [];

    public static StoryLine Empty => new();

    public int Length => pieces.Sum(p => p.Text.Length);

    public IReadOnlyList<(string Text, Tone Tone)> Pieces => pieces;

    public StoryLine Add(string text, Tone tone = Tone.Plain)
    {
        if (text.Length > 0)
        {
            pieces.Add((text, tone));
        }

        return this;
    }

    /// <summary>Blanks up to a column; at least one, if something stands there already.</summary>
    public StoryLine To(int column) => Add(new string(' ', Math.Max(column - Length, Length > 0 && column <= Length ? 1 : 0)));

    /// <summary>Text in a column of its own, cut off where it is too long, with blanks after (or, to the right, before) it.</summary>
    public StoryLine Cell(string text, int width, Tone tone = Tone.Plain, bool right = false)
    {
        var cut = Cut(text, width);
        return right ? Add(new string(' ', width - cut.Length)).Add(cut, tone) : Add(cut, tone).Add(new string(' ', width - cut.Length));
    }

    /// <summary>At most so many characters, the last of them three dots where something is missing.</summary>
    public static string Cut(string text, int width) =>
        text.Length <= width ? text : width <= 3 ? text[..Math.Max(width, 0)] : string.Concat(text.AsSpan(0, width - 3).TrimEnd(), "...");

    public static Style StyleOf(Tone tone) => tone switch
    {
        Tone.Strong => new Style(decoration: Decoration.Bold),
        Tone.Quiet => new Style(Color.Grey),
        Tone.Good => new Style(Color.Green),
        Tone.Bad => new Style(Color.Red),
        Tone.Waiting => new Style(Color.Yellow),
        Tone.Drawn => new Style(Color.Teal),
        _ => Style.Plain,
    };
}
