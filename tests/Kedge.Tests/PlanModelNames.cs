using Kedge.Plan.Contracts;
using Kedge.Plan.Model;
using Xunit;

namespace Kedge.Tests;

public class PlanModelNames
{
    [Theory]
    [InlineData("250ms", 0.25)]
    [InlineData("5s", 5)]
    [InlineData("1h30m", 5400)]
    [InlineData("7d", 604800)]
    [InlineData("1.5s", 1.5)]
    [InlineData("0", 0)]
    public void Durations_read_and_show_the_same_time(string text, double seconds)
    {
        Assert.True(Durations.TryParse(text, out var duration));
        Assert.Equal(seconds, duration.TotalSeconds);
        Assert.True(Durations.TryParse(Durations.Show(duration), out var again));
        Assert.Equal(duration, again);
    }

    [Theory]
    [InlineData("5")]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("5 s")]
    [InlineData("-5s")]
    [InlineData("99999999999d")]
    public void A_duration_without_a_unit_is_none(string text) => Assert.False(Durations.TryParse(text, out _));

    [Fact]
    public void An_instance_reads_as_it_is_written() =>
        Assert.Equal("orders/database@east", InstanceId.Parse("orders/database@east").ToString());
}
