using System.Globalization;

namespace Kedge.CommandLine.Rendering.Text;

/// <summary>Figures as people read them. Exact values are in the JSON.</summary>
public static class Figures
{
    /// <summary>A measured time, to three digits: <c>34 ms</c>, <c>2.31 s</c>, <c>3m 05s</c>, <c>2h 10m</c>, <c>3d 04h</c>.</summary>
    public static string Time(TimeSpan time)
    {
        if (time < TimeSpan.Zero)
        {
            return $"-{Time(-time)}";
        }

        var seconds = time.TotalSeconds;
        return seconds switch
        {
            0 => "0 s",
            < 0.0995 => $"{Math.Max(1, Math.Round(seconds * 1000)):0} ms",
            < 9.995 => $"{seconds:0.00} s",
            < 99.95 => $"{seconds:0.0} s",
            < 3599.5 => Two((long)Math.Round(seconds), 60, "m", "s"),
            < 86370 => Two((long)Math.Round(seconds / 60), 60, "h", "m"),
            _ => Two((long)Math.Round(seconds / 3600), 24, "d", "h"),
        };
    }

    /// <summary>A time that is still running: tenths of a second, so that it does not flicker.</summary>
    public static string Running(TimeSpan time) =>
        time >= TimeSpan.Zero && time.TotalSeconds < 99.95 ? $"{time.TotalSeconds:0.0} s" : Time(time);

    /// <summary>An objective, as the plan spells it; a dash where there is none.</summary>
    public static string Objective(TimeSpan? objective) => objective is { } set ? Plan.Contracts.Durations.Show(set) : "–";

    /// <summary>How long ago, roughly: <c>just now</c>, <c>40 s ago</c>, <c>3 min ago</c>, <c>5 h ago</c>, <c>12 days ago</c>.</summary>
    public static string Ago(TimeSpan time) => time.TotalSeconds switch
    {
        < 2 => "just now",
        < 100 => $"{time.TotalSeconds:0} s ago",
        < 100 * 60 => $"{time.TotalMinutes:0} min ago",
        < 48 * 3600 => $"{time.TotalHours:0} h ago",
        _ => $"{time.TotalDays:0} days ago",
    };

    /// <summary>Powers of 1024, named as such: <c>0 bytes</c>, <c>512 KiB</c>, <c>1.4 MiB</c>.</summary>
    public static string Bytes(long bytes)
    {
        string[] units = ["bytes", "KiB", "MiB", "GiB", "TiB"];
        var value = (double)bytes;
        var unit = 0;
        while (Math.Abs(value) >= 1024 && unit < units.Length - 1)
        {
            value /= 1024;
            unit++;
        }

        return unit == 0 || Math.Abs(value) >= 100 ? $"{value:0} {units[unit]}" : $"{value:0.#} {units[unit]}";
    }

    /// <summary>Date and time to the second, in the given zone.</summary>
    public static string At(DateTimeOffset at, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTime(at, zone).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>Time of day to the millisecond, in the given zone.</summary>
    public static string Clock(DateTimeOffset at, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTime(at, zone).ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);

    /// <summary>The zone that times are shown in, as a reader needs it: <c>UTC</c>, <c>UTC+02:00</c>.</summary>
    public static string Zone(DateTimeOffset at, TimeZoneInfo zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        var offset = zone.GetUtcOffset(at);
        return offset == TimeSpan.Zero ? "UTC" : $"UTC{(offset < TimeSpan.Zero ? '-' : '+')}{offset:hh\\:mm}";
    }

    /// <summary><c>1 step</c>, <c>2 steps</c>.</summary>
    public static string Count(int count, string one, string? many = null) => count == 1 ? $"1 {one}" : $"{count} {many ?? one + "s"}";

    /// <summary>Numbers with runs drawn together: <c>1–3, 5</c>; a dash for none.</summary>
    public static string Ranges(IEnumerable<int> numbers)
    {
        var parts = new List<(int From, int To)>();
        foreach (var number in numbers.Order())
        {
            if (parts.Count > 0 && parts[^1].To == number - 1)
            {
                parts[^1] = (parts[^1].From, number);
            }
            else
            {
                parts.Add((number, number));
            }
        }

        return parts.Count == 0 ? "–" : string.Join(", ", parts.Select(p => p.From == p.To ? $"{p.From}" : p.To == p.From + 1 ? $"{p.From}, {p.To}" : $"{p.From}–{p.To}"));
    }

    private static string Two(long units, int per, string large, string small) => $"{units / per}{large} {units % per:00}{small}";
}
