namespace Kedge.Vault.Format;

/// <summary>
/// RFC 3339 for the years 0 to 9999 and to the nanosecond, which .NET's types do not reach. A tree has three of these for
/// every file, so that they are taken apart and put together by hand.
/// </summary>
internal static class GoTimeText
{
    /// <summary>"2006-01-02T15:04:05.999999999+07:00".</summary>
    internal const int MaximumLength = 35;

    internal const int SecondsPerDay = 86_400;

    /// <summary>From 0000-03-01, where the counting of days below begins, to 1970-01-01.</summary>
    private const int DaysToUnixEpoch = 719_468;
    private const int DaysPerEra = 146_097;

    internal static bool TryParse(ReadOnlySpan<byte> text, out GoTime time)
    {
        time = default;
        if (text.Length < 20 || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':')
        {
            return false;
        }

        int year = (TwoDigits(text, 0) * 100) + TwoDigits(text, 2), month = TwoDigits(text, 5), day = TwoDigits(text, 8);
        int hour = TwoDigits(text, 11), minute = TwoDigits(text, 14), second = TwoDigits(text, 17);
        if ((TwoDigits(text, 0) | TwoDigits(text, 2) | month | day | hour | minute | second) < 0
            || month is < 1 or > 12 || day < 1 || day > DaysOf(year, month) || hour > 23 || minute > 59 || second > 59)
        {
            return false;
        }

        var rest = text[19..];
        if (!TryTakeFraction(ref rest, out var nanoseconds) || !TryTakeOffset(rest, out var offset))
        {
            return false;
        }

        var local = (DaysSinceUnixEpoch(year, month, day) * SecondsPerDay) + (hour * 3600) + (minute * 60) + second;
        time = new(local - (offset * 60), nanoseconds, offset);
        return true;
    }

    /// <param name="text">At least <see cref="MaximumLength"/> bytes.</param>
    /// <returns>How many of them were written.</returns>
    internal static int Write(GoTime time, Span<byte> text)
    {
        var local = time.UnixSeconds + (time.OffsetMinutes * 60);
        var days = Math.DivRem(local, SecondsPerDay, out var inDay);
        if (inDay < 0)
        {
            (days, inDay) = (days - 1, inDay + SecondsPerDay);
        }

        var (year, month, day) = DateOf((int)days);
        var seconds = (int)inDay;
        PutTwoDigits(text, 0, year / 100);
        PutTwoDigits(text, 2, year % 100);
        text[4] = (byte)'-';
        PutTwoDigits(text, 5, month);
        text[7] = (byte)'-';
        PutTwoDigits(text, 8, day);
        text[10] = (byte)'T';
        PutTwoDigits(text, 11, seconds / 3600);
        text[13] = (byte)':';
        PutTwoDigits(text, 14, seconds / 60 % 60);
        text[16] = (byte)':';
        PutTwoDigits(text, 17, seconds % 60);
        var length = PutFraction(text, 19, time.Nanoseconds);
        if (time.OffsetMinutes == 0)
        {
            text[length] = (byte)'Z';
            return length + 1;
        }

        var offset = Math.Abs((int)time.OffsetMinutes);
        text[length] = time.OffsetMinutes < 0 ? (byte)'-' : (byte)'+';
        PutTwoDigits(text, length + 1, offset / 60);
        text[length + 3] = (byte)':';
        PutTwoDigits(text, length + 4, offset % 60);
        return length + 6;
    }

    private static bool TryTakeFraction(ref ReadOnlySpan<byte> rest, out int nanoseconds)
    {
        nanoseconds = 0;
        if (rest[0] != '.')
        {
            return true;
        }

        int at = 1, unit = GoTime.NanosecondsPerSecond / 10;
        for (; at < rest.Length && char.IsAsciiDigit((char)rest[at]); at++)
        {
            nanoseconds += (rest[at] - '0') * unit;
            unit /= 10;
        }

        rest = rest[at..];
        return at > 1;
    }

    private static bool TryTakeOffset(ReadOnlySpan<byte> rest, out int minutes)
    {
        minutes = 0;
        if (rest is [(byte)'Z'])
        {
            return true;
        }

        if (rest.Length != 6 || rest[0] is not ((byte)'+' or (byte)'-') || rest[3] != ':')
        {
            return false;
        }

        int hour = TwoDigits(rest, 1), minute = TwoDigits(rest, 4);
        minutes = ((hour * 60) + minute) * (rest[0] == '-' ? -1 : 1);
        return (hour | minute) >= 0 && hour <= 23 && minute <= 59;
    }

    /// <summary>Negative where there are no two digits.</summary>
    private static int TwoDigits(ReadOnlySpan<byte> text, int at)
    {
        int tens = text[at] - '0', ones = text[at + 1] - '0';
        return (uint)tens <= 9 && (uint)ones <= 9 ? (tens * 10) + ones : -1;
    }

    private static void PutTwoDigits(Span<byte> text, int at, int value)
    {
        text[at + 1] = (byte)('0' + (value % 10));
        text[at] = (byte)('0' + (value / 10));
    }

    private static int PutFraction(Span<byte> text, int at, int nanoseconds)
    {
        if (nanoseconds == 0)
        {
            return at;
        }

        var digits = 9;
        for (; nanoseconds % 10 == 0; nanoseconds /= 10)
        {
            digits--;
        }

        text[at] = (byte)'.';
        for (var place = at + digits; place > at; place--, nanoseconds /= 10)
        {
            text[place] = (byte)('0' + (nanoseconds % 10));
        }

        return at + digits + 1;
    }

    private static int DaysOf(int year, int month) => month switch
    {
        2 => year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28,
        4 or 6 or 9 or 11 => 30,
        _ => 31,
    };

    /// <summary>
    /// Counted in years that begin in March, so that a leap day is the last of its year (H. Hinnant, "chrono-Compatible
    /// Low-Level Date Algorithms").
    /// </summary>
    internal static long DaysSinceUnixEpoch(int year, int month, int day)
    {
        // One era of 400 years is added and taken away, because January of the year 0 belongs to the year before.
        var march = year - (month <= 2 ? 1 : 0) + 400;
        int era = march / 400, inEra = march % 400;
        var inYear = (((153 * (month > 2 ? month - 3 : month + 9)) + 2) / 5) + day - 1;
        return ((era - 1L) * DaysPerEra) + (inEra * 365) + (inEra / 4) - (inEra / 100) + inYear - DaysToUnixEpoch;
    }

    internal static (int Year, int Month, int Day) DateOf(int unixDays)
    {
        var days = unixDays + DaysToUnixEpoch + DaysPerEra;
        int era = days / DaysPerEra, inEra = days % DaysPerEra;
        var year = (inEra - (inEra / 1460) + (inEra / 36_524) - (inEra / 146_096)) / 365;
        var inYear = inEra - ((365 * year) + (year / 4) - (year / 100));
        var march = ((5 * inYear) + 2) / 153;
        var month = march < 10 ? march + 3 : march - 9;
        return (year + ((era - 1) * 400) + (month <= 2 ? 1 : 0), month, inYear - (((153 * march) + 2) / 5) + 1);
    }
}
