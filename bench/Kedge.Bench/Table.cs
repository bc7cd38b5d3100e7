using System.Globalization;
using System.Text;

namespace Kedge.Bench;

/// <summary>A table for docs/benchmarks.md.</summary>
internal sealed class Table(params string[] heads)
{
    private readonly List<string[]> rows = [];

    public void Add(params string[] row) => rows.Add(row);

    public string Markdown()
    {
        var text = new StringBuilder();
        text.AppendLine($"| {string.Join(" | ", heads)} |").AppendLine($"|{string.Concat(heads.Select(_ => "---|"))}");
        foreach (var row in rows)
        {
            text.AppendLine($"| {string.Join(" | ", row)} |");
        }

        return text.ToString();
    }
}

/// <summary>Figures of a series, and how they are written.</summary>
internal static class Figures
{
    /// <summary>The value that this share of a series does not exceed (nearest rank).</summary>
    public static TimeSpan At(this IEnumerable<TimeSpan> series, double share)
    {
        var sorted = series.Order().ToList();
        return sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Count) - 1, 0, sorted.Count - 1)];
    }

    public static TimeSpan Median(this IEnumerable<TimeSpan> series) => series.At(0.5);

    public static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture);

    public static string Milliseconds(TimeSpan time) => time.TotalMilliseconds.ToString(time.TotalMilliseconds < 10 ? "0.0" : "0", CultureInfo.InvariantCulture);

    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
