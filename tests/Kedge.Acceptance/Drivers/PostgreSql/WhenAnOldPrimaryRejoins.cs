using Kedge.Drivers;
using Kedge.Plan.Model;
using Xunit;
using static Kedge.Acceptance.Drivers.PostgreSql.TwoSiteCluster;

namespace Kedge.Acceptance.Drivers.PostgreSql;

public sealed class WhenAnOldPrimaryRejoins(ITestOutputHelper output)
{
    [Fact]
    public async Task What_only_it_had_is_kept_aside_and_counted()
    {
        await using var cluster = await StartAsync();
        await cluster.ExecuteAsync(East, "insert into orders values (1), (2)");
        var (last, outage) = await DivergeAsync(cluster, 7);
        await cluster.ExecuteAsync(West, "insert into orders values (201)");
        var before = await cluster.Driver.MeasureLossAsync(cluster.At(West), cluster.At(East), last, outage, CancellationToken.None);
        var blind = await cluster.Driver.MeasureLossAsync(cluster.At(West), null, last, outage, CancellationToken.None);

        var report = await cluster.DoAsync("rejoin", cluster.Step(East, RunKind.Reprotect, 2));

        output.WriteLine(report);
        var after = await cluster.Driver.MeasureLossAsync(cluster.At(West), cluster.At(East), last, outage, CancellationToken.None);
        Assert.Contains("rewound; its own log is kept in", report, StringComparison.Ordinal);
        Assert.Equal(7, before.Transactions);
        Assert.Equal(7, after.Transactions);
        Assert.False(after.Estimate);
        Assert.True(blind.Estimate);
        Assert.Null(blind.Transactions);
        Assert.True(blind.Time >= after.Time, "an estimate must not be below what was lost");
        await cluster.CatchUpAsync(West, East);
        Assert.Equal(3L, await cluster.AskAsync<long>(East, "select count(*) from orders"));
        Assert.True(await cluster.AskAsync<bool>(East, "select pg_is_in_recovery()"));
    }

    [Fact]
    public async Task One_that_somebody_started_again_is_ended_before_it_rejoins()
    {
        await using var cluster = await StartAsync();
        await DivergeAsync(cluster, 1);
        cluster.RemoveLock(East);
        await cluster.StartServerAsync(East);
        await cluster.ExecuteAsync(East, "insert into orders values (999)");

        await cluster.DoAsync("rejoin", cluster.Step(East, RunKind.Reprotect, 2));

        Assert.True(await cluster.AskAsync<bool>(East, "select pg_is_in_recovery()"));
        Assert.Equal(0L, await cluster.AskAsync<long>(East, "select count(*) from orders"));
    }

    [Fact]
    public async Task Its_own_configuration_survives()
    {
        await using var cluster = await StartAsync();
        await File.AppendAllTextAsync(Path.Join(cluster.Data(East), "postgresql.conf"), "work_mem = 7MB\n");
        await cluster.ExecuteAsync(East, "alter system set maintenance_work_mem = '77MB'");
        await DivergeAsync(cluster, 1);

        await cluster.DoAsync("rejoin", cluster.Step(East, RunKind.Reprotect, 2));

        Assert.Equal("7MB", await cluster.AskAsync<string>(East, "show work_mem"));
        Assert.Equal("77MB", await cluster.AskAsync<string>(East, "show maintenance_work_mem"));
        Assert.Equal("4MB", await cluster.AskAsync<string>(West, "show work_mem"));
    }

    [Fact]
    public async Task It_is_rebuilt_where_it_cannot_be_rewound_and_its_old_folder_stays()
    {
        await using var cluster = await StartAsync();
        await DivergeAsync(cluster, 3);
        // Without the log from before the fork, pg_rewind does not find where to begin.
        foreach (var file in Directory.EnumerateFiles(Path.Join(cluster.Data(East), "pg_wal"), "00000001*"))
        {
            File.Delete(file);
        }

        var report = await cluster.DoAsync("rejoin", cluster.Step(East, RunKind.Reprotect, 2));

        output.WriteLine(report);
        Assert.Contains("rebuilt", report, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Join(cluster.Data(East) + ".kedge", "replaced-run-2", "PG_VERSION")));
        await cluster.ExecuteAsync(West, "insert into orders values (500)");
        await cluster.CatchUpAsync(West, East);
    }

    [Theory]
    [InlineData("1GB", "rewound;")]
    [InlineData("2MB", "rebuilt (the primary no longer has the log that it needs)")]
    public async Task It_is_rewound_later_too_while_the_slot_may_hold_the_log_since_the_fork(string limit, string how)
    {
        await using var cluster = await StartAsync();
        await cluster.ExecuteAsync(West, $"alter system set max_slot_wal_keep_size = '{limit}'");
        await cluster.ExecuteAsync(West, "select pg_reload_conf()");
        await DivergeAsync(cluster, 3);
        for (var i = 0; i < 6; i++)
        {
            await cluster.ExecuteAsync(West, "select pg_switch_wal()");
            await cluster.ExecuteAsync(West, "checkpoint");
        }

        var report = await cluster.DoAsync("rejoin", cluster.Step(East, RunKind.Reprotect, 2));

        output.WriteLine(report);
        Assert.Contains(how, report, StringComparison.Ordinal);
        Assert.Contains("its own log is kept in", report, StringComparison.Ordinal);
        await cluster.ExecuteAsync(West, "insert into orders values (500)");
        await cluster.CatchUpAsync(West, East);
    }

    [Fact]
    public async Task An_empty_folder_is_built()
    {
        await using var cluster = await StartAsync();
        cluster.Kill(West);
        Directory.Delete(cluster.Data(West), recursive: true);

        output.WriteLine(await cluster.DoAsync("rejoin", cluster.Step(West, RunKind.Reprotect, 1, from: West)));

        await cluster.ExecuteAsync(East, "insert into orders values (1)");
        await cluster.CatchUpAsync(East, West);
        Assert.Equal("1GB", await cluster.AskAsync<string>(East, "show max_slot_wal_keep_size"));
    }

    [Fact]
    public async Task Cut_off_anywhere_it_is_finished_by_the_next_attempt()
    {
        await using var cluster = await StartAsync();
        await DivergeAsync(cluster, 3);
        var step = cluster.Step(East, RunKind.Reprotect, 2);
        var cut = 0;
        foreach (var after in (int[])[30, 80, 150, 250, 400, 600])
        {
            using var limit = new CancellationTokenSource(after);
            try
            {
                await cluster.Driver.Actions["rejoin"].ActAsync(step, limit.Token);
            }
            catch (OperationCanceledException)
            {
                cut++;
            }
        }

        output.WriteLine($"cut off {cut} times; then: {await cluster.DoAsync("rejoin", step)}");
        await cluster.ExecuteAsync(West, "insert into orders values (500)");
        await cluster.CatchUpAsync(West, East);
        Assert.Equal(1L, await cluster.AskAsync<long>(East, "select count(*) from orders"));
        Assert.Contains(Directory.EnumerateDirectories(cluster.Data(East) + ".kedge"), f => f.Contains("diverged-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_slot_that_it_used_to_feed_does_not_hold_back_its_log()
    {
        await using var cluster = await StartAsync();
        await cluster.FailOverAsync();

        await cluster.DoAsync("rejoin", cluster.Step(East, RunKind.Reprotect, 2));

        Assert.Equal(0L, await cluster.AskAsync<long>(East, "select count(*) from pg_replication_slots"));
        Assert.Equal("kedge_east", await cluster.AskAsync<string>(West, "select slot_name::text from pg_replication_slots where active"));
    }

    /// <summary>East commits transactions that west never receives, dies, and west takes over.</summary>
    private static async Task<(Watermark Last, DateTimeOffset Outage)> DivergeAsync(TwoSiteCluster cluster, int transactions)
    {
        await cluster.MarkAsync(1);
        await cluster.CatchUpAsync(East, West);
        await cluster.CutOffAsync();
        for (var id = 101; id < 101 + transactions; id++)
        {
            await cluster.ExecuteAsync(East, $"insert into orders values ({id})");
        }

        var last = await cluster.MarkAsync(2);
        var outage = DateTimeOffset.UtcNow;
        cluster.Kill(East);
        await cluster.DoAsync("fence", cluster.Step(East, RunKind.Failover, 2));
        await cluster.DoAsync("promote", cluster.Step(West, RunKind.Failover, 2, last));
        return (last, outage);
    }
}
