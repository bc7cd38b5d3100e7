using Kedge.Plan.Model;
using Xunit;
using static Kedge.Acceptance.Drivers.PostgreSql.TwoSiteCluster;

namespace Kedge.Acceptance.Drivers.PostgreSql;

public sealed class WhenAMoveIsPlanned(ITestOutputHelper output)
{
    [Fact]
    public async Task Nothing_acknowledged_is_lost_and_never_two_sites_accept_orders()
    {
        output.WriteLine($"{DateTime.UtcNow:ss.fff} begin");
        await using var cluster = await StartAsync();
        output.WriteLine($"{DateTime.UtcNow:ss.fff} started");
        await using var writers = new TwoWriters(cluster);
        await writers.UntilMoreAsync(East, 200);

        output.WriteLine($"{DateTime.UtcNow:ss.fff} orders at east");
        await cluster.DoAsync("prepare", cluster.Step(West, RunKind.Switchover, 2));
        output.WriteLine($"{DateTime.UtcNow:ss.fff} prepared");
        await cluster.DoAsync("stop", cluster.Step(East, RunKind.Switchover, 2));
        output.WriteLine($"{DateTime.UtcNow:ss.fff} stopped");
        await cluster.DoAsync("take-over", cluster.Step(West, RunKind.Switchover, 2));
        output.WriteLine($"{DateTime.UtcNow:ss.fff} taken");
        await writers.UntilMoreAsync(West, 200);
        output.WriteLine($"{DateTime.UtcNow:ss.fff} written");
        await writers.StopAsync();

        output.WriteLine($"longest stretch without an order: {writers.LongestOutage().TotalMilliseconds:0} ms");
        Assert.Equal(1, writers.Changes());
        Assert.Equal(
            writers.Acknowledged.Count,
            await cluster.AskAsync<long>(West, $"select count(*) from orders where id in ({string.Join(',', writers.Acknowledged.Select(o => o.Id))})"));
    }
}
