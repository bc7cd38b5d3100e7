namespace Kedge.Demo.Story;

/// <summary>The few signs that the story draws with, in two alphabets.</summary>
/// <param name="Parts">Of a bar's last cell, from the smallest to nearly all; empty where cells are whole.</param>
/// <param name="Heights">For a row of small columns, from the lowest to the highest.</param>
internal sealed record Glyphs(
    char Rule, char Full, string Parts, char Track, string Heights, char Refused, char Running, char Dormant, char Dead, string Arrow)
{
    public static Glyphs Unicode { get; } = new('─', '█', "▏▎▍▌▋▊▉", '·', "▁▂▃▄▅▆▇█", '×', '●', '○', '×', "──▶");

    /// <summary>For terminals and logs that know no other.</summary>
    public static Glyphs Ascii { get; } = new('-', '#', "", '.', ".:|#", 'x', '*', 'o', 'x', "-->");

    /// <summary>A bar of a length in cells, of which the last may be a part.</summary>
    public string Bar(double cells)
    {
        var eighths = (int)Math.Round(Math.Max(cells, 0) * 8);
        if (Parts.Length == 0)
        {
            return new(Full, Math.Max((eighths + 4) / 8, 1));
        }

        var (whole, rest) = (eighths / 8, eighths % 8);
        return whole == 0 && rest == 0 ? Parts[..1] : new string(Full, whole) + (rest > 0 ? Parts[rest - 1] : "");
    }
}
