using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Kedge.Drivers.Http;

/// <summary>Status codes that are expected: <c>200</c>, <c>200-299</c>, <c>200,204,300-399</c>.</summary>
internal sealed class StatusRanges
{
    private readonly IReadOnlyList<(int From, int To)> ranges;

    private StatusRanges(IReadOnlyList<(int From, int To)> ranges) => this.ranges = ranges;

    public static bool TryParse(string text, [NotNullWhen(true)] out StatusRanges? parsed)
    {
        var ranges = new List<(int From, int To)>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            var ends = part.Split('-', 2, StringSplitOptions.TrimEntries);
            if (!TryCode(ends[0], out var from) || !TryCode(ends[^1], out var to) || to < from)
            {
                parsed = null;
                return false;
            }

            ranges.Add((from, to));
        }

        parsed = new(ranges);
        return true;
    }

    public bool Contains(int status) => ranges.Any(r => status >= r.From && status <= r.To);

    public override string ToString() =>
        string.Join(", ", ranges.Select(r => r.From == r.To ? $"{r.From}" : $"{r.From}-{r.To}"));

    private static bool TryCode(string text, out int code) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out code) && code is >= 100 and <= 599;
}
