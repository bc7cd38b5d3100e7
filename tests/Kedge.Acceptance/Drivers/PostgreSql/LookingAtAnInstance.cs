using Kedge.Drivers;
using Xunit;
using static Kedge.Acceptance.Drivers.PostgreSql.TwoSiteCluster;

namespace Kedge.Acceptance.Drivers.PostgreSql;

public sealed class LookingAtAnInstance
{
    [Fact]
    public async Task Both_roles_and_what_should_not_change_are_seen()
    {
        await using var cluster = await StartAsync();

        var east = await cluster.Driver.ObserveAsync(cluster.At(East), CancellationToken.None);
        var west = await cluster.Driver.ObserveAsync(cluster.At(West), CancellationToken.None);
        var again = await cluster.Driver.ObserveAsync(cluster.At(East), CancellationToken.None);

        Assert.Equal((InstanceState.Running, DataRole.Writable), (east.State, east.Role));
        Assert.Equal((InstanceState.Running, DataRole.Standby), (west.State, west.Role));
        Assert.Equal(east.Facts["system-identifier"], west.Facts["system-identifier"]);
        Assert.Equal(east.Facts, again.Facts);
    }

    [Fact]
    public async Task A_dead_one_is_stopped_a_frozen_one_fails_and_another_machine_is_unknown()
    {
        await using var cluster = await StartAsync();
        cluster.Change(East, "connect-timeout", TimeSpan.FromMilliseconds(300));
        cluster.Freeze(East);
        var frozen = await cluster.Driver.ObserveAsync(cluster.At(East), CancellationToken.None);
        cluster.Kill(East);
        var dead = await cluster.Driver.ObserveAsync(cluster.At(East), CancellationToken.None);
        cluster.Change(East, "host", "no-such-machine.invalid");
        var far = await cluster.Driver.ObserveAsync(cluster.At(East), CancellationToken.None);

        Assert.Equal(InstanceState.Failing, frozen.State);
        Assert.Equal(InstanceState.Stopped, dead.State);
        Assert.Equal((InstanceState.Unknown, false), (far.State, far.Reachable));
    }

    [Fact]
    public async Task A_marker_says_how_far_both_copies_are()
    {
        await using var cluster = await StartAsync();
        await cluster.MarkAsync(1);
        await cluster.CatchUpAsync(East, West);

        var mark = await cluster.MarkAsync(2);

        Assert.Equal(2, mark.Marker);
        Assert.False(mark.Synchronous);
        Assert.NotNull(mark.StandbyPosition);
        await cluster.CatchUpAsync(East, West);
        Assert.Equal(2L, await cluster.AskAsync<long>(West, "select sequence from kedge.marker"));
        var loss = await cluster.Driver.ExpectLossAsync(cluster.At(West), mark, mark.ReadAt, CancellationToken.None);
        Assert.Equal((true, 0L, TimeSpan.Zero), (loss.Known, loss.Bytes, loss.Time));
    }

    [Fact]
    public async Task A_server_that_hangs_holds_a_marker_up_no_longer_than_the_token()
    {
        await using var cluster = await StartAsync();
        await cluster.MarkAsync(1);
        cluster.Freeze(East);
        using var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cluster.Driver.MarkAsync(
            cluster.At(East), new(cluster.Component.Id, 1, 2, DateTimeOffset.UtcNow), limit.Token));
    }
}
