using Kedge.Vault.Format;

namespace Kedge.Vault.Forget;

/// <summary>
/// Hours, days, weeks and so on as a snapshot's own clock showed them: a backup of 23:30 belongs to that day, wherever the
/// policy is applied.
/// </summary>
/// <param name="local">Where the policy is applied. It counts for what is subtracted from a time that was taken there, because
/// a day before a clock change has the same hour.</param>
internal sealed class PolicyCalendar(TimeZoneInfo local)
{
    private const long DaysTillThursday = 3;

    internal static long Hour(GoTime time) => (Day(time) * 100) + (InDay(time) / 3600);

    internal static long Day(GoTime time)
    {
        var (year, month, day) = DateOf(time);
        return (year * 10_000L) + (month * 100) + day;
    }

    /// <summary>Of ISO 8601: a week belongs to the year of its Thursday.</summary>
    internal static long Week(GoTime time)
    {
        var day = DayNumber(time);
        var sinceMonday = ((day + DaysTillThursday) % 7 + 7) % 7;
        var thursday = day - sinceMonday + DaysTillThursday;
        var (year, _, _) = GoTimeText.DateOf((int)thursday);
        return (year * 100L) + ((thursday - GoTimeText.DaysSinceUnixEpoch(year, 1, 1)) / 7) + 1;
    }

    internal static long Month(GoTime time) => Day(time) / 100;

    internal static long Year(GoTime time) => DateOf(time).Year;

    /// <summary>A time so much earlier. The 31st of a month that has none is the 1st of the next, as Go's AddDate has it.</summary>
    internal GoTime Earlier(GoTime time, CalendarDuration duration)
    {
        var (year, month, day) = DateOf(time);
        var months = (year * 12L) + (month - 1) - (duration.Years * 12L) - duration.Months;
        // Before the year 0 there is nothing that could be meant.
        months = Math.Max(0, months);
        var first = GoTimeText.DaysSinceUnixEpoch((int)(months / 12), (int)(months % 12) + 1, 1);
        var wall = ((first + day - 1 - duration.Days) * GoTimeText.SecondsPerDay) + InDay(time);
        return new(wall - OffsetAt(wall, time) - (duration.Hours * 3600L), time.Nanoseconds, time.OffsetMinutes);
    }

    /// <summary>What a clock is ahead of UTC, in seconds, when it shows a time.</summary>
    private long OffsetAt(long wall, GoTime time)
    {
        var fixedOffset = time.OffsetMinutes * 60L;
        if (time.OffsetMinutes == 0 || LocalOffset(time.UnixSeconds) != fixedOffset)
        {
            return fixedOffset;
        }

        var first = LocalOffset(wall);
        return LocalOffset(wall - first);
    }

    private long LocalOffset(long unixSeconds)
    {
        var utc = new GoTime(unixSeconds, 0, 0).ToDateTimeOffset();
        return (long)local.GetUtcOffset(utc).TotalSeconds;
    }

    private static long Wall(GoTime time) => time.UnixSeconds + (time.OffsetMinutes * 60L);

    private static long InDay(GoTime time) => Wall(time) - (DayNumber(time) * GoTimeText.SecondsPerDay);

    private static long DayNumber(GoTime time) => Math.DivRem(Wall(time), GoTimeText.SecondsPerDay, out var inDay) - (inDay < 0 ? 1 : 0);

    private static (int Year, int Month, int Day) DateOf(GoTime time) => GoTimeText.DateOf((int)DayNumber(time));
}
