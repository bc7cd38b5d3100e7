using System.Globalization;

namespace Kedge.Vault;

/// <summary>Numbers of bytes as people write them, and restic reads them: <c>500</c>, <c>500K</c>, <c>2.5G</c>, in powers of 1024.</summary>
public static class ByteCount
{
    private const string Units = "KMGTPE";

    /// <param name="text">A number with a unit of K, M, G, T, P or E, or B or nothing for bytes.</param>
    public static bool TryParse(ReadOnlySpan<char> text, out long bytes)
    {
        bytes = 0;
        var factor = 1L;
        if (!text.IsEmpty && !char.IsAsciiDigit(text[^1]))
        {
            var unit = char.ToUpperInvariant(text[^1]);
            var power = Units.IndexOf(unit, StringComparison.Ordinal) + 1;
            if (power == 0 && unit != 'B')
            {
                return false;
            }

            factor <<= 10 * power;
            text = text[..^1];
        }

        if (!decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) || number > long.MaxValue / factor)
        {
            return false;
        }

        bytes = (long)(number * factor);
        return true;
    }
}
