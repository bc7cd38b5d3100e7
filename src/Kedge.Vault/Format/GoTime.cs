namespace Kedge.Vault.Format;

/// <summary>
/// A time as a vault stores it: an instant to the nanosecond, and the offset of the clock that it was read from. Two times
/// are equal where they are the same instant, as with <see cref="DateTimeOffset"/>.
/// </summary>
public readonly struct GoTime : IEquatable<GoTime>, IComparable<GoTime>
{
    internal const int NanosecondsPerSecond = 1_000_000_000;
    private const int LargestOffset = (23 * 60) + 59;
    private const long UnixEpochInTicks = 621_355_968_000_000_000;

    /// <summary>0000-01-01T00:00:00 and 9999-12-31T23:59:59 as seconds since 1970: RFC 3339 has no other years.</summary>
    private const long Earliest = -62_167_219_200;
    private const long Latest = 253_402_300_799;

    /// <summary>Instants outside the years 0 to 9999 on that clock become the nearest that can be written.</summary>
    /// <param name="unixSeconds">Since 1970-01-01T00:00:00Z, rounded down.</param>
    /// <param name="nanoseconds">0 to 999,999,999, counted forward from there.</param>
    /// <param name="offsetMinutes">East of UTC; less than a day either way.</param>
    /// <exception cref="ArgumentOutOfRangeException">Nanoseconds or offset are outside their range.</exception>
    public GoTime(long unixSeconds, int nanoseconds, int offsetMinutes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(nanoseconds);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(nanoseconds, NanosecondsPerSecond);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Math.Abs(offsetMinutes), LargestOffset, nameof(offsetMinutes));
        var shift = offsetMinutes * 60;
        UnixSeconds = Math.Clamp(unixSeconds, Earliest - shift, Latest - shift);
        Nanoseconds = UnixSeconds == unixSeconds ? nanoseconds : unixSeconds < UnixSeconds ? 0 : NanosecondsPerSecond - 1;
        OffsetMinutes = (short)offsetMinutes;
    }

    /// <summary>What stands where no time was given: the first of January of the year 1.</summary>
    public static GoTime None => new(-62_135_596_800, 0, 0);

    public long UnixSeconds { get; }

    public int Nanoseconds { get; }

    public short OffsetMinutes { get; }

    public static GoTime From(DateTimeOffset time)
    {
        var (seconds, ticks) = Math.DivRem(time.UtcTicks - UnixEpochInTicks, TimeSpan.TicksPerSecond);
        return ticks < 0
            ? new(seconds - 1, (int)(ticks + TimeSpan.TicksPerSecond) * 100, time.TotalOffsetMinutes)
            : new(seconds, (int)ticks * 100, time.TotalOffsetMinutes);
    }

    /// <summary>The same to a tenth of a microsecond. The year 0, which .NET lacks, becomes the beginning of the year 1.</summary>
    public DateTimeOffset ToDateTimeOffset()
    {
        var ticks = Math.Max(0, UnixEpochInTicks + (UnixSeconds * TimeSpan.TicksPerSecond) + (Nanoseconds / 100));
        var utc = new DateTimeOffset(Math.Min(ticks, DateTimeOffset.MaxValue.Ticks), TimeSpan.Zero);
        var local = utc.Ticks + (OffsetMinutes * TimeSpan.TicksPerMinute);
        var expressible = Math.Abs((int)OffsetMinutes) <= 14 * 60 && local >= 0 && local <= DateTimeOffset.MaxValue.Ticks;
        return expressible ? new(local, TimeSpan.FromMinutes(OffsetMinutes)) : utc;
    }

    /// <summary>From RFC 3339, as encoding/json of Go 1.20 and later reads it: digits beyond the nanosecond are dropped.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out GoTime time) => GoTimeText.TryParse(text, out time);

    public bool Equals(GoTime other) => UnixSeconds == other.UnixSeconds && Nanoseconds == other.Nanoseconds;

    /// <summary>Whether both are written alike: the same instant on clocks with the same offset.</summary>
    public bool EqualsExactly(GoTime other) => Equals(other) && OffsetMinutes == other.OffsetMinutes;

    public override bool Equals(object? obj) => obj is GoTime other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(UnixSeconds, Nanoseconds);

    public int CompareTo(GoTime other)
    {
        var order = UnixSeconds.CompareTo(other.UnixSeconds);
        return order != 0 ? order : Nanoseconds.CompareTo(other.Nanoseconds);
    }

    /// <summary>RFC 3339 with as many digits of a second as it needs.</summary>
    public override string ToString()
    {
        Span<byte> text = stackalloc byte[GoTimeText.MaximumLength];
        return System.Text.Encoding.ASCII.GetString(text[..GoTimeText.Write(this, text)]);
    }

    public static bool operator ==(GoTime left, GoTime right) => left.Equals(right);

    public static bool operator !=(GoTime left, GoTime right) => !left.Equals(right);

    public static bool operator <(GoTime left, GoTime right) => left.CompareTo(right) < 0;

    public static bool operator <=(GoTime left, GoTime right) => left.CompareTo(right) <= 0;

    public static bool operator >(GoTime left, GoTime right) => left.CompareTo(right) > 0;

    public static bool operator >=(GoTime left, GoTime right) => left.CompareTo(right) >= 0;
}
