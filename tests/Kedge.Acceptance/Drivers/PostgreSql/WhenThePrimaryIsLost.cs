using Kedge.Drivers;
using Kedge.Plan.Model;
using Xunit;
using static Kedge.Acceptance.Drivers.PostgreSql.TwoSiteCluster;

namespace Kedge.Acceptance.Drivers.PostgreSql;

public sealed class WhenThePrimaryIsLost(ITestOutputHelper output)
{
    [Fact]
    public async Task The_standby_takes_over_and_its_data_carries_the_epoch()
    {
        await using var cluster = await StartAsync();
        await cluster.ExecuteAsync(East, "insert into orders select generate_series(1, 100)");
        var last = await cluster.MarkAsync(1);
        await cluster.CatchUpAsync(East, West);
        cluster.Kill(East);

        output.WriteLine(await cluster.DoAsync("fence", cluster.Step(East, RunKind.Failover, 2)));
        var promotion = cluster.Step(West, RunKind.Failover, 2, last);
        output.WriteLine(await cluster.DoAsync("promote", promotion));

        Assert.Equal(100L, await cluster.AskAsync<long>(West, "select count(*) from orders"));
        Assert.Equal("west", await cluster.AskAsync<string>(West, "select site from kedge.epoch where epoch = 2"));
        Assert.Equal(2, await cluster.Driver.EpochInDataAsync(cluster.At(West), CancellationToken.None));
        await cluster.ExecuteAsync(West, "insert into orders values (101)");
        Assert.Equal(JudgementKind.Done, (await cluster.JudgeAsync("promote", promotion)).Kind);
        await cluster.Driver.Actions["promote"].ActAsync(promotion, CancellationToken.None);
        Assert.Equal(1L, await cluster.AskAsync<long>(West, "select count(*) from kedge.epoch"));
    }

    [Fact]
    public async Task A_primary_that_hangs_is_killed_and_stays_so()
    {
        await using var cluster = await StartAsync();
        cluster.Freeze(East);
        Assert.Equal(JudgementKind.NotYet, (await cluster.JudgeAsync("fence", cluster.Step(East, RunKind.Failover, 2))).Kind);

        var report = await cluster.DoAsync("fence", cluster.Step(East, RunKind.Failover, 2));

        Assert.Contains("killed", report, StringComparison.Ordinal);
        cluster.Thaw(East);
        Assert.False(cluster.IsRunning(East));
        Assert.Equal(JudgementKind.Done, (await cluster.JudgeAsync("fence", cluster.Step(East, RunKind.Failover, 2))).Kind);
    }

    [Fact]
    public async Task Children_that_outlive_the_postmaster_count()
    {
        await using var cluster = await StartAsync();
        cluster.Freeze(East);
        cluster.KillPostmaster(East);

        var before = await cluster.JudgeAsync("fence", cluster.Step(East, RunKind.Failover, 2));
        await cluster.DoAsync("fence", cluster.Step(East, RunKind.Failover, 2));

        Assert.Equal(JudgementKind.NotYet, before.Kind);
        Assert.False(cluster.IsRunning(East));
    }

    [Fact]
    public async Task A_healthy_primary_is_stopped_at_once_and_seen_stopped()
    {
        await using var cluster = await StartAsync();

        var report = await cluster.DoAsync("fence", cluster.Step(East, RunKind.Failover, 2));

        output.WriteLine(report);
        Assert.False(cluster.IsRunning(East));
    }

    [Fact]
    public async Task Nothing_is_promoted_beside_a_running_primary()
    {
        await using var cluster = await StartAsync();
        var last = await cluster.MarkAsync(1);
        await cluster.CatchUpAsync(East, West);

        var refused = await Assert.ThrowsAsync<DriverException>(
            () => cluster.DoAsync("promote", cluster.Step(West, RunKind.Failover, 2, last)));

        Assert.Equal("orders/database@east still runs: nothing is promoted beside it", refused.Message);
        Assert.True(await cluster.AskAsync<bool>(West, "select pg_is_in_recovery()"));
    }

    [Fact]
    public async Task Loss_that_is_unknown_or_too_great_is_refused_until_it_is_accepted()
    {
        await using var cluster = await StartAsync();
        await cluster.MarkAsync(1);
        await cluster.CatchUpAsync(East, West);
        await cluster.CutOffAsync();
        await cluster.ExecuteAsync(East, "insert into orders values (1)");
        var last = await cluster.MarkAsync(2);
        cluster.Kill(East);
        await cluster.DoAsync("fence", cluster.Step(East, RunKind.Failover, 2));
        var step = cluster.Step(West, RunKind.Failover, 2, last) with { Outage = DateTimeOffset.UtcNow, Rpo = TimeSpan.Zero };

        var tooGreat = await cluster.JudgeAsync("promote", step);
        var unknown = await cluster.JudgeAsync("promote", step with { LastKnown = null });
        await Assert.ThrowsAsync<DriverException>(() => cluster.Driver.Actions["promote"].ActAsync(step, CancellationToken.None));
        var stillStandby = await cluster.AskAsync<bool>(West, "select pg_is_in_recovery()");
        await cluster.DoAsync("promote", step with { LossAccepted = true });

        Assert.Equal(JudgementKind.Impossible, tooGreat.Kind);
        Assert.Contains("the RPO is 0s", tooGreat.What, StringComparison.Ordinal);
        Assert.Equal(JudgementKind.Impossible, unknown.Kind);
        Assert.Contains("not known", unknown.What, StringComparison.Ordinal);
        Assert.True(stillStandby);
        Assert.False(await cluster.AskAsync<bool>(West, "select pg_is_in_recovery()"));
    }

    [Fact]
    public async Task An_act_of_an_older_epoch_is_void()
    {
        await using var cluster = await StartAsync();
        await cluster.FailOverAsync();

        var late = await cluster.JudgeAsync("promote", cluster.Step(West, RunKind.Failover, 1));
        await Assert.ThrowsAsync<DriverException>(() => cluster.MarkAsync(9, West, epoch: 1));

        Assert.Equal(JudgementKind.Impossible, late.Kind);
        Assert.Contains("under epoch 1 is void", late.What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_promotion_that_was_cut_off_is_finished_by_the_next_attempt()
    {
        await using var cluster = await StartAsync();
        var last = await cluster.MarkAsync(1);
        await cluster.CatchUpAsync(East, West);
        cluster.Kill(East);
        await cluster.DoAsync("fence", cluster.Step(East, RunKind.Failover, 2));
        var step = cluster.Step(West, RunKind.Failover, 2, last);

        await cluster.ExecuteAsync(West, "select pg_promote(true)");
        var between = await cluster.JudgeAsync("promote", step);
        await cluster.DoAsync("promote", step);

        Assert.Equal(JudgementKind.NotYet, between.Kind);
        Assert.Equal(2, await cluster.Driver.EpochInDataAsync(cluster.At(West), CancellationToken.None));
    }

    [Fact]
    public async Task A_standby_that_is_down_is_started_first()
    {
        await using var cluster = await StartAsync();
        var last = await cluster.MarkAsync(1);
        await cluster.CatchUpAsync(East, West);
        cluster.Kill(West);
        cluster.Kill(East);
        await cluster.DoAsync("fence", cluster.Step(East, RunKind.Failover, 2));

        await cluster.DoAsync("promote", cluster.Step(West, RunKind.Failover, 2, last));

        Assert.False(await cluster.AskAsync<bool>(West, "select pg_is_in_recovery()"));
    }

    [Fact]
    public async Task Nothing_is_concluded_about_another_machine()
    {
        await using var cluster = await StartAsync();
        cluster.Kill(East);
        cluster.Change(East, "host", "192.0.2.1");

        var judgement = await cluster.JudgeAsync("fence", cluster.Step(East, RunKind.Failover, 2));

        Assert.Equal(JudgementKind.Impossible, judgement.Kind);
        Assert.Contains("192.0.2.1 is not this machine", judgement.What, StringComparison.Ordinal);
        Assert.NotNull(judgement.Hint);
    }

    [Fact]
    public async Task Going_back_loses_nothing_only_while_nobody_else_has_written()
    {
        await using var cluster = await StartAsync();
        await cluster.FailOverAsync();
        for (var sequence = 2; sequence < 6; sequence++)
        {
            await cluster.MarkAsync(sequence, West, epoch: 2);
        }

        var quiet = await cluster.Driver.WrittenSincePromotionAsync(cluster.At(West), CancellationToken.None);
        await cluster.ExecuteAsync(West, "insert into orders values (1)");
        var written = await cluster.Driver.WrittenSincePromotionAsync(cluster.At(West), CancellationToken.None);

        Assert.Null(quiet);
        Assert.EndsWith("not Kedge's: 1", written, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_resumes_when_the_failover_is_rolled_back_and_the_other_follows_it()
    {
        await using var cluster = await StartAsync();
        await cluster.ExecuteAsync(East, "insert into orders values (1)");
        await cluster.FailOverAsync();
        await cluster.MarkAsync(2, West, epoch: 2);

        var back = cluster.Step(East, RunKind.Rollback, 3, from: West);
        await Assert.ThrowsAsync<DriverException>(() => cluster.DoAsync("resume", back));
        await cluster.DoAsync("fence", cluster.Step(West, RunKind.Rollback, 3, from: West));
        output.WriteLine(await cluster.DoAsync("resume", back));
        await cluster.ExecuteAsync(East, "insert into orders values (2)");
        output.WriteLine(await cluster.DoAsync("rejoin", cluster.Step(West, RunKind.Reprotect, 3, from: West)));

        await cluster.CatchUpAsync(East, West);
        Assert.Equal(2L, await cluster.AskAsync<long>(West, "select count(*) from orders"));
        Assert.Equal(3, await cluster.Driver.EpochInDataAsync(cluster.At(West), CancellationToken.None));
    }
}
