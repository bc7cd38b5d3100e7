using System.Globalization;
using System.Text;

namespace Kedge.CommandLine.Rendering.Text;

/// <summary>
/// A line of text in tones. Control characters never get in, whatever a program or a plan may say: they would reach the terminal.
/// </summary>
public sealed class Styled
{
    private readonly List<Piece> pieces = [];

    public static Styled Empty { get; } = new();

    public IReadOnlyList<Piece> Pieces => pieces;

    /// <summary>In columns of a terminal.</summary>
    public int Width => pieces.Sum(p => Columns.Of(p.Text));

    public static Styled Of(string text, Tone tone = Tone.Plain)
    {
        ArgumentNullException.ThrowIfNull(text);
        var styled = new Styled();
        if (text.Length > 0)
        {
            styled.pieces.Add(new(Clean(text), tone));
        }

        return styled;
    }

    public static Styled Strong(string text) => Of(text, Tone.Strong);

    public static Styled Quiet(string text) => Of(text, Tone.Quiet);

    public static Styled Good(string text) => Of(text, Tone.Good);

    public static Styled Warning(string text) => Of(text, Tone.Warning);

    public static Styled Bad(string text) => Of(text, Tone.Bad);

    public static Styled Accent(string text) => Of(text, Tone.Accent);

    public static implicit operator Styled(string text) => Of(text);

    public static Styled operator +(Styled left, Styled right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        var sum = new Styled();
        sum.pieces.AddRange(left.pieces);
        sum.pieces.AddRange(right.pieces);
        return sum;
    }

    public static Styled Add(Styled left, Styled right) => left + right;

    public static Styled ToStyled(string text) => Of(text);

    /// <summary>The text in a field of the given width; text that is wider stays as it is.</summary>
    public Styled Padded(int width, bool right = false)
    {
        var missing = width - Width;
        return missing <= 0 ? this : right ? Of(new string(' ', missing)) + this : this + new string(' ', missing);
    }

    /// <summary>Breaks into lines of at most <paramref name="width"/> columns, at spaces where there are any.</summary>
    public IReadOnlyList<Styled> Wrapped(int width) => width < 1 || Width <= width ? [this] : Wrapping.Break(this, width);

    public override string ToString() => string.Concat(pieces.Select(p => p.Text));

    private static string Clean(string text)
    {
        if (!text.Any(Harms))
        {
            return text;
        }

        var clean = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            clean.Append(Harms(character) ? ' ' : character);
        }

        return clean.ToString();
    }

    /// <summary>Control characters move the cursor or worse; bidirectional overrides make text read other than it is.</summary>
    private static bool Harms(char character) =>
        char.IsControl(character) || character is '\u2028' or '\u2029' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');

    /// <summary>A stretch of one tone.</summary>
    public readonly record struct Piece(string Text, Tone Tone);
}

/// <summary>How many columns of a terminal a text takes.</summary>
internal static class Columns
{
    public static int Of(string text)
    {
        var width = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            width += Of(rune);
        }

        return width;
    }

    public static int Of(Rune rune) => rune.Value < 0x300 ? 1
        : Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format ? 0
        : IsWide(rune.Value) ? 2 : 1;

    /// <summary>Ranges of Unicode's EastAsianWidth W and F (UAX #11) that terminals draw two columns wide.</summary>
    private static bool IsWide(int value) => value is
        (>= 0x1100 and <= 0x115F) or (>= 0x2E80 and <= 0x303E) or (>= 0x3041 and <= 0xA4CF) or (>= 0xAC00 and <= 0xD7A3)
        or (>= 0xF900 and <= 0xFAFF) or (>= 0xFE30 and <= 0xFE6F) or (>= 0xFF00 and <= 0xFF60) or (>= 0xFFE0 and <= 0xFFE6)
        or (>= 0x1F300 and <= 0x1FAFF) or (>= 0x20000 and <= 0x3FFFD);
}
