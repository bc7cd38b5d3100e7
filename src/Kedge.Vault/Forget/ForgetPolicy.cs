using System.Globalization;
using Kedge.Vault.Snapshots;

namespace Kedge.Vault.Forget;

/// <summary>
/// What of a group of snapshots is kept, as restic's <c>--keep-…</c> say it. The numbers are 0 for "not by this", or
/// <see cref="Unlimited"/>.
/// </summary>
public sealed record ForgetPolicy
{
    /// <summary>For a number of snapshots: all of that kind.</summary>
    public const int Unlimited = -1;

    public int Last { get; init; }

    /// <summary>For so many hours in which there are snapshots the last of each; so with days, weeks, months and years.</summary>
    public int Hourly { get; init; }

    public int Daily { get; init; }

    /// <summary>Of ISO 8601.</summary>
    public int Weekly { get; init; }

    public int Monthly { get; init; }

    public int Yearly { get; init; }

    /// <summary>All that are not older than the newest by more than this.</summary>
    public CalendarDuration Within { get; init; }

    /// <summary>Of those the last of each hour; so with days, weeks, months and years.</summary>
    public CalendarDuration WithinHourly { get; init; }

    public CalendarDuration WithinDaily { get; init; }

    public CalendarDuration WithinWeekly { get; init; }

    public CalendarDuration WithinMonthly { get; init; }

    public CalendarDuration WithinYearly { get; init; }

    /// <summary>All that fulfil one of the lists.</summary>
    public IReadOnlyList<TagList> Tags { get; init; } = [];

    /// <summary>Whether it says nothing, so that nothing would be kept.</summary>
    public bool IsEmpty => Tags.Count == 0 && Counts.All(c => c.Count == 0) && Within.IsZero && Spans.All(s => s.Within.IsZero);

    /// <summary>A number as a person writes it: 0 or more, or <c>unlimited</c>; -1, which older versions of restic take, is the same.</summary>
    /// <exception cref="VaultException"><see cref="VaultFault.Misuse"/>.</exception>
    public static int ParseCount(string text) =>
        text is "unlimited" or "-1" ? Unlimited
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count
        : throw new VaultException(VaultFault.Misuse, "a number of snapshots that is none", "Write a number from 0 on, or 'unlimited'.");

    /// <summary>As restic words it: "keep 3 latest, 2 daily snapshots and all snapshots with tags [[a]]"; "remove" where it is empty.</summary>
    public override string ToString()
    {
        var counts = Counts.Where(c => c.Count is > 0 or Unlimited).Select(c => $"{(c.Count == Unlimited ? "all" : c.Count)} {c.Word}").ToList();
        var spans = Spans.Where(s => !s.Within.IsZero).Select(s => $"{s.Word} snapshots within {s.Within}").ToList();
        var text = counts.Count > 0 ? $"{string.Join(", ", counts)} snapshots" : "";
        text = string.Join(", ", spans.Prepend(text).Where(part => part.Length > 0));
        text = Tags.Count > 0 ? $"{And(text)}all snapshots with tags [{string.Join(' ', Tags)}]" : text;
        text = Within.IsZero ? text : $"{And(text)}all snapshots within {Within} of the newest";
        return text.Length == 0 ? "remove" : $"keep {text}";
    }

    internal (int Count, string Word)[] Counts =>
        [(Last, "latest"), (Hourly, "hourly"), (Daily, "daily"), (Weekly, "weekly"), (Monthly, "monthly"), (Yearly, "yearly")];

    internal (CalendarDuration Within, string Word)[] Spans =>
        [(WithinHourly, "hourly"), (WithinDaily, "daily"), (WithinWeekly, "weekly"), (WithinMonthly, "monthly"), (WithinYearly, "yearly")];

    private static string And(string text) => text.Length > 0 ? $"{text} and " : "";
}
