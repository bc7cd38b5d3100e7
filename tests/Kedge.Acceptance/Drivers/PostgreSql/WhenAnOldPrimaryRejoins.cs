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
        await cluster.MarkAsync(1);
        await cluster.CatchUpAsync(East, West);
        await cluster.CutOffAsync();
        for (var id = 101; id <= 107; id++)
        {
            await cluster.ExecuteAsync(East, $"insert into orders values ({id})");
        }

        var last = await cluster.MarkAsync(2);
        var outage = DateTimeOffset.UtcNow;
        cluster.Kill(East);
        await cluster.DoAsync("fence", cluster.Step(East, RunKind.Failover, 2));
        await cluster.DoAsync("promote", cluster.Step(West, RunKind.Failover, 2, last));
        await cluster.ExecuteAsync(West, "insert into orders values (201)");
        var before = await cluster.Driver.MeasureLossAsync(cluster.At(West), cluster.At(East), last, outage, CancellationToken.None);

        output.WriteLine(await cluster.DoAsync("rejoin", cluster.Step(East, RunKind.Reprotect, 2)));
        output.WriteLine(before.Basis);

        var after = await cluster.Driver.MeasureLossAsync(cluster.At(West), cluster.At(East), last, outage, CancellationToken.None);
        output.WriteLine(after.Basis);
        Assert.Equal(7, before.Transactions);
        Assert.Equal(7, after.Transactions);
        Assert.False(after.Estimate);
        await cluster.CatchUpAsync(West, East);
        Assert.Equal(3L, await cluster.AskAsync<long>(East, "select count(*) from orders"));
        Assert.True(await cluster.AskAsync<bool>(East, "select pg_is_in_recovery()"));
    }

    [Fact]
    public async Task An_empty_folder_is_built()
    {
        await using var cluster = await StartAsync();
        cluster.Kill(West);
        await UntilAsync(() => Task.FromResult(!cluster.IsRunning(West)), "west does not die");
        Directory.Delete(cluster.Data(West), recursive: true);

        output.WriteLine(await cluster.DoAsync("rejoin", cluster.Step(West, RunKind.Reprotect, 1, from: West)));

        await cluster.ExecuteAsync(East, "insert into orders values (1)");
        await cluster.CatchUpAsync(East, West);
    }
}
