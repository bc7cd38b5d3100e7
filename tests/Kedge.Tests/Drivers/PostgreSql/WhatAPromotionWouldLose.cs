using Kedge.Drivers;
using Kedge.Drivers.PostgreSql.Loss;
using Kedge.Drivers.PostgreSql.Server;
using NpgsqlTypes;
using Xunit;

namespace Kedge.Tests.Drivers.PostgreSql;

public sealed class WhatAPromotionWouldLose
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly Watermark LastKnown = new(
        new(new("orders"), "database"), new("east"), 3, "0/3000200", 70, Noon.AddSeconds(-0.9), Noon.AddSeconds(-0.8), false, "0/3000100");

    [Fact]
    public void Is_unknown_without_a_last_known_position() =>
        Assert.False(Copy("0/3000200", "0/3000200", 70).ExpectLoss(null, Noon, Noon).Known);

    [Fact]
    public void Is_unknown_where_the_standby_has_received_nothing() =>
        Assert.False(new StandbyCopy(null, null, null).ExpectLoss(LastKnown, Noon, Noon).Known);

    [Fact]
    public void Is_measured_against_the_last_known_position_and_not_what_the_standby_received()
    {
        var loss = Copy("0/3000100", "0/3000100", 69).ExpectLoss(LastKnown, Noon, Noon);

        Assert.Equal((true, 0x100L, TimeSpan.FromSeconds(1.9)), (loss.Known, loss.Bytes, loss.Time));
    }

    [Fact]
    public void Is_at_most_what_was_written_since_the_last_look_where_the_standby_has_everything()
    {
        var loss = Copy("0/3000200", "0/3000200", 70).ExpectLoss(LastKnown, Noon, Noon);

        Assert.Equal((true, 0L, TimeSpan.FromSeconds(0.8)), (loss.Known, loss.Bytes, loss.Time));
    }

    [Fact]
    public void Counts_what_was_received_but_not_replayed_yet() =>
        Assert.Equal(0, Copy("0/3000300", "0/3000000", 50).ExpectLoss(LastKnown, Noon, Noon).Bytes);

    [Fact]
    public void Is_unknown_where_the_standby_is_past_that_position_without_its_marker()
    {
        var loss = Copy("0/3000300", "0/3000300", 69).ExpectLoss(LastKnown, Noon, Noon);

        Assert.False(loss.Known);
        Assert.Contains("another history", loss.Basis, StringComparison.Ordinal);
    }

    [Fact]
    public void Is_unknown_where_the_markers_are_of_an_older_epoch() =>
        Assert.False(new StandbyCopy(Lsn("0/3000300"), Lsn("0/3000300"), new(2, 900, Noon, 1)).ExpectLoss(LastKnown, Noon, Noon).Known);

    [Fact]
    public void Reaches_back_to_the_standbys_marker_where_the_last_look_was_before_the_active_copy_became_active_again()
    {
        var copy = new StandbyCopy(Lsn("0/3000400"), Lsn("0/3000400"), new(4, 71, Noon.AddSeconds(-0.3), 1));

        var loss = copy.ExpectLoss(LastKnown with { Synchronous = true }, Noon, Noon);

        Assert.Equal((true, null, TimeSpan.FromSeconds(0.3)), (loss.Known, loss.Bytes, loss.Time));
        Assert.Contains("not seen since it became active", loss.Basis, StringComparison.Ordinal);
    }

    [Fact]
    public void Is_nothing_where_the_standby_was_synchronous_and_has_it_all()
    {
        var loss = Copy("0/3000200", "0/3000200", 70).ExpectLoss(LastKnown with { Synchronous = true }, Noon, Noon);

        Assert.Equal((true, TimeSpan.Zero), (loss.Known, loss.Time));
    }

    [Fact]
    public void Is_unknown_where_it_was_synchronous_but_that_was_seen_too_long_ago() =>
        Assert.False(Copy("0/3000200", "0/3000200", 70)
            .ExpectLoss(LastKnown with { Synchronous = true }, Noon.AddSeconds(11), Noon).Known);

    [Fact]
    public void Is_not_taken_for_nothing_where_a_synchronous_standby_lacks_some_of_it() =>
        Assert.Equal(0x100L, Copy("0/3000100", "0/3000100", 69).ExpectLoss(LastKnown with { Synchronous = true }, Noon, Noon).Bytes);

    [Fact]
    public void Reaches_to_when_the_active_copy_was_last_seen_alive_where_that_was_after_the_outage()
    {
        var loss = Copy("0/3000100", "0/3000100", 69).ExpectLoss(LastKnown, Noon.AddSeconds(-30), Noon);

        Assert.Equal(TimeSpan.FromSeconds(1.1), loss.Time);
    }

    [Fact]
    public void Is_known_in_bytes_only_where_no_marker_tells_the_time()
    {
        var loss = new StandbyCopy(Lsn("0/3000100"), Lsn("0/3000100"), null).ExpectLoss(LastKnown, Noon, Noon);

        Assert.Equal((false, 0x100L, null), (loss.Known, loss.Bytes, loss.Time));
    }

    private static StandbyCopy Copy(string received, string replayed, long marker) =>
        new(Lsn(received), Lsn(replayed), new MarkerRow(3, marker, Noon.AddSeconds(-0.9 - (70 - marker)), marker));

    private static NpgsqlLogSequenceNumber Lsn(string text) => NpgsqlLogSequenceNumber.Parse(text);
}
