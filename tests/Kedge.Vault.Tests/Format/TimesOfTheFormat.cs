using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Kedge.Vault.Format;
using Xunit;

namespace Kedge.Vault.Tests.Format;

public sealed class TimesOfTheFormat
{
    [Theory]
    [InlineData("2026-11-25T11:15:04.072356246+01:00", 1795601704, 72356246, 60)]
    [InlineData("1960-01-02T03:04:05.123456789Z", -315521755, 123456789, 0)]
    [InlineData("1969-12-31T23:59:59.5-00:30", 1799, 500000000, -30)]
    [InlineData("0001-01-01T00:00:00Z", -62135596800, 0, 0)]
    [InlineData("0000-01-01T00:00:00Z", -62167219200, 0, 0)]
    [InlineData("0000-02-29T23:59:59Z", -62162035201, 0, 0)]
    [InlineData("9999-12-31T23:59:59.999999999Z", 253402300799, 999999999, 0)]
    [InlineData("2000-02-29T00:00:00+23:59", 951696060, 0, 1439)]
    public void Are_read_and_written_to_the_nanosecond_with_their_offset(string text, long seconds, int nanoseconds, int offset)
    {
        Assert.True(GoTime.TryParse(Encoding.ASCII.GetBytes(text), out var time));
        Assert.Equal((seconds, nanoseconds, offset), (time.UnixSeconds, time.Nanoseconds, time.OffsetMinutes));
        Assert.Equal(text, time.ToString());
    }

    [Theory]
    [InlineData("2026-11-25T11:15:04+00:00", "2026-11-25T11:15:04Z")]
    [InlineData("2026-11-25T11:15:04.1234567899Z", "2026-11-25T11:15:04.123456789Z")]
    [InlineData("2026-11-25T11:15:04.100Z", "2026-11-25T11:15:04.1Z")]
    public void Become_what_Go_would_write(string text, string expected)
    {
        Assert.True(GoTime.TryParse(Encoding.ASCII.GetBytes(text), out var time));
        Assert.Equal(expected, time.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("2026-11-25T11:15:04")]
    [InlineData("2026-11-25t11:15:04Z")]
    [InlineData("2026-11-25T11:15:04z")]
    [InlineData("2026-11-25T11:15:04,5Z")]
    [InlineData("2026-11-25T11:15:04.Z")]
    [InlineData("2026-11-25T11:15:04.5")]
    [InlineData("2026-13-25T11:15:04Z")]
    [InlineData("2026-02-29T11:15:04Z")]
    [InlineData("2100-02-29T11:15:04Z")]
    [InlineData("2026-00-01T11:15:04Z")]
    [InlineData("2026-01-00T11:15:04Z")]
    [InlineData("2026-11-25T24:15:04Z")]
    [InlineData("2026-11-25T11:60:04Z")]
    [InlineData("2026-11-25T11:15:60Z")]
    [InlineData("2026-11-25T11:15:04+24:00")]
    [InlineData("2026-11-25T11:15:04+01:60")]
    [InlineData("2026-11-25T11:15:04+0100")]
    [InlineData("2026-11-25T11:15:04Z ")]
    [InlineData("20260-11-25T11:15:04Z")]
    [InlineData("-026-11-25T11:15:04Z")]
    [InlineData("2026-1 -25T11:15:04Z")]
    public void Are_refused_where_Go_refuses_them(string text) => Assert.False(GoTime.TryParse(Encoding.ASCII.GetBytes(text), out _));

    [Fact]
    public void Agree_with_those_of_NET_wherever_it_has_them()
    {
        var times = from high in Gen.Choose(0, int.MaxValue) from low in Gen.Choose(0, 1_400_000_000) from offset in Gen.Choose(-14 * 60, 14 * 60) select (ticks: (high * 1_469_000_000L) + low, offset);
        FsCheck.Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000), Prop.ForAll(times.ToArbitrary(), sample =>
        {
            var utc = new DateTimeOffset(sample.ticks, TimeSpan.Zero);
            var local = utc.Ticks + (sample.offset * TimeSpan.TicksPerMinute) is >= 0 and <= 3155378975999999999 ? utc.ToOffset(TimeSpan.FromMinutes(sample.offset)) : utc;
            var time = GoTime.From(local);
            var expected = local.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz", CultureInfo.InvariantCulture).Replace("+00:00", "Z", StringComparison.Ordinal);
            return time.ToString() == expected && time.ToDateTimeOffset().EqualsExact(local)
                && GoTime.TryParse(Encoding.ASCII.GetBytes(expected), out var back) && back.EqualsExactly(time);
        }));
    }

    [Fact]
    public void Outside_the_years_that_can_be_written_become_the_nearest_that_can()
    {
        Assert.Equal("9999-12-31T23:59:59.999999999+02:00", new GoTime(long.MaxValue, 5, 120).ToString());
        Assert.Equal("0000-01-01T00:00:00-02:00", new GoTime(long.MinValue, 5, -120).ToString());
        Assert.Equal(DateTimeOffset.MinValue, new GoTime(long.MinValue, 0, 0).ToDateTimeOffset());
        Assert.Equal(9999, new GoTime(long.MaxValue, 0, -1439).ToDateTimeOffset().Year);
    }

    [Fact]
    public void Are_equal_where_the_instant_is_the_same()
    {
        var (vienna, london) = (new GoTime(1_000_000, 1, 60), new GoTime(1_000_000, 1, 0));
        Assert.Equal(vienna, london);
        Assert.False(vienna.EqualsExactly(london));
        Assert.True(vienna < new GoTime(1_000_000, 2, 0));
    }
}
