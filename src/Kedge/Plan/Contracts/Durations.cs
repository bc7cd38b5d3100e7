using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Kedge.Plan.Contracts;

/// <summary>Durations as the plan and the terminal write them: <c>250ms</c>, <c>5s</c>, <c>1h30m</c>, <c>7d</c>.</summary>
public static partial class Durations
{
    private static readonly (string Unit, long Ticks)[] Units =
    [
        ("d", TimeSpan.TicksPerDay), ("h", TimeSpan.TicksPerHour), ("m", TimeSpan.TicksPerMinute),
        ("s", TimeSpan.TicksPerSecond), ("ms", TimeSpan.TicksPerMillisecond),
    ];

    /// <summary>False where the text is no duration; a bare <c>0</c> is one, a bare number otherwise is not (it has no unit).</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        if (text == "0")
        {
            return true;
        }

        var match = Whole().Match(text);
        if (!match.Success)
        {
            return false;
        }

        var ticks = 0m;
        var parts = match.Groups["part"].Captures;
        foreach (Capture part in parts)
        {
            var number = part.Value.TrimEnd('d', 'h', 'm', 's');
            var unit = part.Value[number.Length..];
            ticks += decimal.Parse(number, CultureInfo.InvariantCulture) * Units.First(u => u.Unit == unit).Ticks;
        }

        if (ticks > TimeSpan.TicksPerDay * 36_500L)
        {
            return false;
        }

        duration = TimeSpan.FromTicks((long)ticks);
        return true;
    }

    /// <summary>The shortest exact spelling, down to milliseconds.</summary>
    public static string Show(TimeSpan duration)
    {
        if (duration == TimeSpan.Zero)
        {
            return "0s";
        }

        var text = new StringBuilder(duration < TimeSpan.Zero ? "-" : "");
        var rest = Math.Abs(duration.Ticks);
        foreach (var (unit, ticks) in Units)
        {
            if (rest / ticks is > 0 and var count)
            {
                text.Append(count).Append(unit);
                rest %= ticks;
            }
        }

        return text.Length is 0 or 1 && rest > 0 ? "<1ms" : text.ToString();
    }

    [GeneratedRegex(@"^(?<part>[0-9]{1,9}(\.[0-9]{1,9})?(ms|d|h|m|s))+\z")]
    private static partial Regex Whole();
}
