using System.Text;

namespace Kedge.Plan.Reading;

/// <summary>Texts of a plan within a sentence: short, on one line, without control characters.</summary>
internal static class Quote
{
    private const int Longest = 60;

    /// <summary>In single quotes.</summary>
    public static string Text(string text) => $"'{Plain(text)}'";

    /// <summary>Within a key path.</summary>
    public static string Key(string text) => text.Length > 0 ? Plain(text) : "''";

    private static string Plain(string text)
    {
        if (text.Length <= Longest && !text.Any(Unprintable))
        {
            return text;
        }

        var plain = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (plain.Length >= Longest)
            {
                return plain.Append('…').ToString();
            }

            plain.Append(rune.Value <= char.MaxValue && Unprintable((char)rune.Value) ? "?" : rune.ToString());
        }

        return plain.ToString();
    }

    private static bool Unprintable(char c) =>
        char.IsControl(c) || c is '\u2028' or '\u2029' or '\uFEFF' or '\u200E' or '\u200F' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');
}
