using Kedge.Plan.Model;
using Xunit;
using static Kedge.Acceptance.Drivers.PostgreSql.TwoSiteCluster;

namespace Kedge.Acceptance.Drivers.PostgreSql;

public sealed class WhenThePrimaryIsLost
{
    [Fact]
    public async Task The_standby_takes_over_and_its_data_carries_the_epoch()
    {
        await using var cluster = await StartAsync();
        await cluster.ExecuteAsync(East, "insert into orders select generate_series(1, 100)");
        var last = await cluster.MarkAsync(1);
        await cluster.CatchUpAsync(East, West);
        cluster.Kill(East);

        await cluster.DoAsync("fence", cluster.Step(East, RunKind.Failover, 2));
        var evidence = await cluster.DoAsync("promote", cluster.Step(West, RunKind.Failover, 2, last));

        Assert.Contains("epoch 2", evidence, StringComparison.Ordinal);
        Assert.Equal(100L, await cluster.AskAsync<long>(West, "select count(*) from orders"));
        Assert.Equal("west", await cluster.AskAsync<string>(West, "select site from kedge.epoch where epoch = 2"));
        Assert.Equal(2, await cluster.Driver.EpochInDataAsync(cluster.At(West), CancellationToken.None));
        await cluster.ExecuteAsync(West, "insert into orders values (101)");
    }
}
