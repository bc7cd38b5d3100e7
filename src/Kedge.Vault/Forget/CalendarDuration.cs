using System.Globalization;

namespace Kedge.Vault.Forget;

/// <summary>A time as people plan with it: years, months, days and hours of a calendar. Written as <c>1y5m7d2h</c>.</summary>
public readonly record struct CalendarDuration(int Years, int Months, int Days, int Hours)
{
    /// <summary>More of a unit than this has no meaning.</summary>
    private const int Most = 1_000_000;

    public bool IsZero => this == default;

    /// <summary>From numbers, each followed by y, m, d or h, in any order; the last of a unit counts.</summary>
    /// <exception cref="VaultException"><see cref="VaultFault.Misuse"/>.</exception>
    public static CalendarDuration Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var rest = text.AsSpan().Trim();
        var duration = default(CalendarDuration);
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExceptInRange('0', '9');
            if (digits <= 0 || !int.TryParse(rest[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number > Most)
            {
                throw Bad();
            }

            duration = rest[digits] switch
            {
                'y' => duration with { Years = number },
                'm' => duration with { Months = number },
                'd' => duration with { Days = number },
                'h' => duration with { Hours = number },
                _ => throw Bad(),
            };
            rest = rest[(digits + 1)..];
        }

        return duration;
    }

    public override string ToString() => string.Concat(Part(Years, 'y'), Part(Months, 'm'), Part(Days, 'd'), Part(Hours, 'h'));

    private static string Part(int number, char unit) => number == 0 ? "" : $"{number}{unit}";

    private static VaultException Bad() => new(VaultFault.Misuse, "a duration that cannot be read", "Write it as 1y5m7d2h: years, months, days, hours.");
}
