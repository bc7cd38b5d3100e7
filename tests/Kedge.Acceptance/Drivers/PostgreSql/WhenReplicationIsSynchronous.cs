using Kedge.Drivers;
using Kedge.Plan.Model;
using Xunit;
using static Kedge.Acceptance.Drivers.PostgreSql.TwoSiteCluster;

namespace Kedge.Acceptance.Drivers.PostgreSql;

public sealed class WhenReplicationIsSynchronous(ITestOutputHelper output)
{
    private static readonly Dictionary<string, object> Sync = new() { ["replication-mode"] = "sync" };

    [Fact]
    public async Task No_order_that_was_acknowledged_is_lost_and_commits_do_not_wait_for_a_standby_that_is_gone()
    {
        await using var cluster = await StartAsync(Sync);
        await using var writers = new TwoWriters(cluster);
        await writers.UntilMoreAsync(East, 200);
        var last = await cluster.MarkAsync(1);
        cluster.Kill(East);

        await cluster.DoAsync("fence", cluster.Step(East, RunKind.Failover, 2));
        var step = cluster.Step(West, RunKind.Failover, 2, last) with { Rpo = TimeSpan.Zero, Outage = DateTimeOffset.UtcNow };
        var loss = await cluster.Driver.ExpectLossAsync(cluster.At(West), last, step.Outage, CancellationToken.None);
        await cluster.DoAsync("promote", step);
        await writers.UntilMoreAsync(West, 200);
        output.WriteLine(await cluster.DoAsync("rejoin", cluster.Step(East, RunKind.Reprotect, 2)));
        await writers.UntilMoreAsync(West, 100);
        await writers.StopAsync();

        Assert.True(last.Synchronous);
        Assert.True(loss.Known);
        Assert.Equal(TimeSpan.Zero, loss.Time);
        Assert.Equal(1, writers.Changes());
        var acknowledged = string.Join(',', writers.Acknowledged.Select(o => o.Id));
        Assert.Equal(
            writers.Acknowledged.Count,
            await cluster.AskAsync<long>(West, $"select count(*) from orders where id in ({acknowledged})"));
        Assert.Equal("FIRST 1 (kedge_east)", await cluster.AskAsync<string>(West, "show synchronous_standby_names"));
        Assert.True((await cluster.MarkAsync(2, West, epoch: 2)).Synchronous);
    }

    [Fact]
    public async Task A_standby_that_dropped_out_is_not_called_synchronous_and_holds_no_marker_up()
    {
        await using var cluster = await StartAsync(Sync);
        await cluster.MarkAsync(1);
        cluster.Kill(West);
        await UntilAsync(
            async () => await cluster.AskAsync<long>(East, "select count(*) from pg_stat_replication") == 0, "the standby is still connected");

        var without = await cluster.MarkAsync(2);

        Assert.False(without.Synchronous);
        Assert.Null(without.StandbyPosition);
    }

    [Fact]
    public async Task A_standby_that_hangs_is_not_called_synchronous_either()
    {
        await using var cluster = await StartAsync(Sync);
        await cluster.MarkAsync(1);
        cluster.Freeze(West);

        var during = await cluster.MarkAsync(2);

        Assert.False(during.Synchronous);
    }

    [Fact]
    public async Task A_planned_move_ends_with_the_old_primary_as_the_synchronous_standby()
    {
        await using var cluster = await StartAsync(Sync);
        await cluster.DoAsync("prepare", cluster.Step(West, RunKind.Switchover, 2));
        await cluster.DoAsync("stop", cluster.Step(East, RunKind.Switchover, 2));
        await cluster.DoAsync("take-over", cluster.Step(West, RunKind.Switchover, 2));
        await cluster.ExecuteAsync(West, "insert into orders values (1)");

        await cluster.DoAsync("rejoin", cluster.Step(East, RunKind.Switchover, 2));

        Assert.Equal("sync", await cluster.AskAsync<string>(West, "select sync_state from pg_stat_replication"));
        Assert.Equal("", await cluster.AskAsync<string>(East, "show synchronous_standby_names"));
        Assert.Equal(JudgementKind.Done, (await cluster.JudgeAsync("rejoin", cluster.Step(East, RunKind.Switchover, 2))).Kind);
    }
}
