using Kedge.Drivers;
using Kedge.Plan.Model;
using Xunit;
using static Kedge.Acceptance.Drivers.PostgreSql.TwoSiteCluster;

namespace Kedge.Acceptance.Drivers.PostgreSql;

public sealed class WhenAMoveIsPlanned(ITestOutputHelper output)
{
    [Fact]
    public async Task There_and_back_nothing_acknowledged_is_lost_and_never_two_sites_accept_orders()
    {
        await using var cluster = await StartAsync();
        await using var writers = new TwoWriters(cluster);
        await writers.UntilMoreAsync(East, 100);

        await MoveAsync(cluster, writers, East, West, RunKind.Switchover, 2);
        await MoveAsync(cluster, writers, West, East, RunKind.Failback, 3);
        await writers.StopAsync();

        output.WriteLine($"longest stretch without an order: {writers.LongestOutage().TotalMilliseconds:0} ms");
        Assert.Equal(2, writers.Changes());
        var acknowledged = string.Join(',', writers.Acknowledged.Select(o => o.Id));
        Assert.Equal(
            writers.Acknowledged.Count,
            await cluster.AskAsync<long>(East, $"select count(*) from orders where id in ({acknowledged})"));
        Assert.Equal(3, await cluster.Driver.EpochInDataAsync(cluster.At(East), CancellationToken.None));
    }

    [Fact]
    public async Task A_source_that_was_not_stopped_cleanly_is_no_proof()
    {
        await using var cluster = await StartAsync();
        cluster.Kill(East);

        var stop = await cluster.JudgeAsync("stop", cluster.Step(East, RunKind.Switchover, 2));
        var takeOver = await cluster.JudgeAsync("take-over", cluster.Step(West, RunKind.Switchover, 2));

        Assert.Equal(JudgementKind.Impossible, stop.Kind);
        Assert.Equal(JudgementKind.Impossible, takeOver.Kind);
        Assert.Contains("was not stopped cleanly ('in production')", takeOver.What, StringComparison.Ordinal);
        await Assert.ThrowsAsync<DriverException>(
            () => cluster.Driver.Actions["take-over"].ActAsync(cluster.Step(West, RunKind.Switchover, 2), CancellationToken.None));
        Assert.True(await cluster.AskAsync<bool>(West, "select pg_is_in_recovery()"));
    }

    [Fact]
    public async Task Where_the_source_is_on_another_machine_the_standbys_own_log_is_the_proof()
    {
        await using var cluster = await StartAsync();
        await cluster.ExecuteAsync(East, "insert into orders select generate_series(1, 1000)");
        await cluster.DoAsync("stop", cluster.Step(East, RunKind.Switchover, 2));
        cluster.Change(East, "host", "192.0.2.1");

        var ready = await cluster.JudgeAsync("take-over", cluster.Step(West, RunKind.Switchover, 2));
        await cluster.DoAsync("take-over", cluster.Step(West, RunKind.Switchover, 2));

        Assert.StartsWith("a standby that has replayed its source's shutdown checkpoint", ready.What, StringComparison.Ordinal);
        Assert.Equal(1000L, await cluster.AskAsync<long>(West, "select count(*) from orders"));
    }

    [Theory]
    [InlineData(true, "is no shutdown checkpoint")]
    [InlineData(false, "is that of an earlier stop")]
    public async Task A_source_on_another_machine_that_died_is_no_proof_either(bool heard, string why)
    {
        await using var cluster = await StartAsync();
        if (!heard)
        {
            // The standby's log then ends with the checkpoint of an earlier stop.
            await cluster.DoAsync("stop", cluster.Step(East, RunKind.Switchover, 2));
            await cluster.ExecuteAsync(West, "alter system set primary_conninfo = ''");
            await cluster.ExecuteAsync(West, "select pg_reload_conf()");
            await UntilAsync(async () => !await cluster.AskAsync<bool>(West, "select exists (select from pg_stat_wal_receiver)"), "it still streams");
            await cluster.StartServerAsync(East);
        }

        var last = await cluster.MarkAsync(1);
        if (heard)
        {
            await cluster.CatchUpAsync(East, West);
        }

        cluster.Kill(East);
        cluster.Change(East, "host", "192.0.2.1");

        var judgement = await cluster.JudgeAsync("take-over", cluster.Step(West, RunKind.Switchover, 2, last));

        output.WriteLine(judgement.What);
        Assert.Equal(JudgementKind.Impossible, judgement.Kind);
        Assert.Contains(why, judgement.What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_standby_of_another_cluster_is_not_prepared()
    {
        await using var cluster = await StartAsync();
        await using var other = await StartAsync();
        cluster.Change(West, "host", "127.0.0.11");
        cluster.Change(West, "port", (long)other.At(East).Options.Integer("port"));
        await other.ExecuteAsync(East, "select 1");

        var judgement = await cluster.JudgeAsync("prepare", cluster.Step(West, RunKind.Switchover, 2));

        Assert.Equal(JudgementKind.Impossible, judgement.Kind);
    }

    [Fact]
    public async Task It_is_said_at_once_that_the_standby_does_not_answer()
    {
        await using var cluster = await StartAsync();
        cluster.Kill(West);

        var judgement = await cluster.JudgeAsync("prepare", cluster.Step(West, RunKind.Switchover, 2));

        Assert.Equal(JudgementKind.Impossible, judgement.Kind);
        Assert.Contains("orders/database@west", judgement.What, StringComparison.Ordinal);
        Assert.NotNull(judgement.Hint);
    }

    private async Task MoveAsync(TwoSiteCluster cluster, TwoWriters writers, SiteName from, SiteName to, RunKind kind, long epoch)
    {
        output.WriteLine(await cluster.DoAsync("prepare", cluster.Step(to, kind, epoch, from: from)));
        output.WriteLine(await cluster.DoAsync("stop", cluster.Step(from, kind, epoch, from: from)));
        output.WriteLine(await cluster.DoAsync("take-over", cluster.Step(to, kind, epoch, from: from)));
        output.WriteLine(await cluster.DoAsync("rejoin", cluster.Step(from, kind, epoch, from: from)));
        await writers.UntilMoreAsync(to, 100);
    }
}
