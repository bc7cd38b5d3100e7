using Kedge.Drivers;
using Kedge.Drivers.PostgreSql;
using Kedge.Plan.Model;
using Xunit;
using static Kedge.Acceptance.Drivers.PostgreSql.TwoSiteCluster;

namespace Kedge.Acceptance.Drivers.PostgreSql;

public sealed class AdoptingWhatRuns
{
    [Theory]
    [InlineData("east")]
    [InlineData("west")]
    public async Task The_pair_is_found_from_either_side_and_nothing_is_changed(string from)
    {
        // A copy of the same cluster, with the same identifier and names of slots, that must not be taken for it.
        await using var other = await StartAsync();
        await using var cluster = await StartAsync();
        await cluster.CatchUpAsync(East, West);
        await cluster.ExecuteAsync(East, "alter system set autovacuum = off");
        await cluster.ExecuteAsync(East, "select pg_reload_conf()");
        var before = await StateAsync(cluster);
        var site = new SiteName(from);

        var found = await PostgresAdoption.InspectAsync(
            Host(site), cluster.At(site).Options.Integer("port"), "kedge", null, TimeSpan.FromSeconds(2), CancellationToken.None);

        Assert.Equal((cluster.Data(East), Host(East), false), (found.Primary.Data, found.Primary.Host, found.Primary.IsStandby));
        var standby = Assert.Single(found.Standbys);
        Assert.Equal((cluster.Data(West), "kedge_west", "async"), (standby.Data, standby.Slot, standby.SyncState));
        Assert.Equal(cluster.At(West).Options.Integer("port"), standby.Port);
        Assert.Empty(found.Changes);
        Assert.Empty(found.Remarks);
        Assert.Equal(before, await StateAsync(cluster));
    }

    [Fact]
    public async Task A_copy_that_follows_nobody_now_is_not_taken_for_the_standby()
    {
        await using var before = await StartAsync();
        await using var cluster = await StartAsync();
        await using var after = await StartAsync();
        await cluster.CatchUpAsync(East, West);
        await before.CutOffAsync();
        await after.CutOffAsync();

        var found = await PostgresAdoption.InspectAsync(
            Host(East), cluster.At(East).Options.Integer("port"), "kedge", null, TimeSpan.FromSeconds(2), CancellationToken.None);

        Assert.Equal(cluster.Data(West), Assert.Single(found.Standbys).Data);
    }

    [Fact]
    public async Task What_would_have_to_change_is_said()
    {
        await using var cluster = await StartAsync();
        await cluster.ExecuteAsync(East, "drop schema kedge cascade");
        await cluster.ExecuteAsync(East, "alter system set max_slot_wal_keep_size = -1");
        await cluster.ExecuteAsync(East, "select pg_reload_conf()");

        var found = await PostgresAdoption.InspectAsync(
            Host(East), cluster.At(East).Options.Integer("port"), "postgres", null, TimeSpan.FromSeconds(2), CancellationToken.None);

        Assert.Equal(
            ["create a role and the schema kedge with two small tables (the SQL is printed, you run it)",
             "set max_slot_wal_keep_size (now unlimited) before Kedge makes a replication slot"],
            found.Changes);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_named()
    {
        var nobody = await Assert.ThrowsAsync<DriverException>(() => PostgresAdoption.InspectAsync(
            "127.0.0.13", 1, "kedge", null, TimeSpan.FromSeconds(1), CancellationToken.None));

        Assert.Equal("127.0.0.13:1: nobody listens there", nobody.Message);
    }

    /// <summary>Moves with every transaction that writes, every setting and every slot.</summary>
    private static Task<string> StateAsync(TwoSiteCluster cluster) => cluster.AskAsync<string>(East, """
        select concat_ws(' ', pg_snapshot_xmax(pg_current_snapshot()),
            (select md5(string_agg(name || '=' || setting, ',' order by name)) from pg_settings),
            (select string_agg(slot_name, ',' order by slot_name) from pg_replication_slots))
        """);
}
