using System.Globalization;
using System.Text.RegularExpressions;

namespace Kedge.Plan.Contracts;

/// <summary>A number of bytes as the plan writes it: <c>64MB</c>, <c>1GB</c> (powers of 1024, as PostgreSQL has it).</summary>
public readonly partial record struct ByteCount(long Bytes)
{
    private static readonly (string Unit, int Shift)[] Units = [("TB", 40), ("GB", 30), ("MB", 20), ("kB", 10), ("B", 0)];

    /// <summary>False where the text is no whole number with a unit, or more than fits; a bare <c>0</c> is one.</summary>
    public static bool TryParse(string text, out ByteCount count)
    {
        count = default;
        if (text == "0")
        {
            return true;
        }

        var match = Whole().Match(text);
        if (!match.Success || !long.TryParse(match.Groups["number"].Value, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        var shift = Units.First(u => u.Unit == match.Groups["unit"].Value).Shift;
        if (number > long.MaxValue >> shift)
        {
            return false;
        }

        count = new(number << shift);
        return true;
    }

    /// <summary>In the largest unit that divides it.</summary>
    public override string ToString()
    {
        var bytes = Bytes;
        var (unit, shift) = bytes == 0 ? Units[^1] : Units.First(u => bytes % (1L << u.Shift) == 0);
        return $"{bytes >> shift}{unit}";
    }

    [GeneratedRegex(@"^(?<number>[0-9]{1,18})(?<unit>B|kB|MB|GB|TB)\z")]
    private static partial Regex Whole();
}
