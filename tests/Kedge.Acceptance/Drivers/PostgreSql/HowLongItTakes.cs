using System.Diagnostics;
using Kedge.Plan.Model;
using Xunit;
using static Kedge.Acceptance.Drivers.PostgreSql.TwoSiteCluster;

namespace Kedge.Acceptance.Drivers.PostgreSql;

/// <summary>Figures, not judgements: nothing here fails because a machine is slow. Run by name.</summary>
public sealed class HowLongItTakes(ITestOutputHelper output)
{
    private const int Runs = 20;

    [Fact(Explicit = true)]
    public async Task From_the_kill_to_the_first_write_at_the_other_site()
    {
        await using var cluster = await StartAsync();
        List<double> fences = [], promotions = [], totals = [], bare = [];
        for (var run = 0; run < Runs; run++)
        {
            await cluster.ResetAsync();
            await using (new TwoWriters(cluster))
            {
                await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
                var last = await cluster.MarkAsync(1);
                var began = Stopwatch.GetTimestamp();
                cluster.Kill(East);
                var killed = Stopwatch.GetTimestamp();
                await cluster.DoAsync("fence", cluster.Step(East, RunKind.Failover, 2));
                var fenced = Stopwatch.GetTimestamp();
                await cluster.DoAsync("promote", cluster.Step(West, RunKind.Failover, 2, last));
                var promoted = Stopwatch.GetTimestamp();
                await cluster.ExecuteAsync(West, "insert into orders values (-1)");
                fences.Add(Stopwatch.GetElapsedTime(killed, fenced).TotalMilliseconds);
                promotions.Add(Stopwatch.GetElapsedTime(fenced, promoted).TotalMilliseconds);
                totals.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }

            await cluster.ResetAsync();
            await using (new TwoWriters(cluster))
            {
                await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
                var began = Stopwatch.GetTimestamp();
                cluster.Kill(East);
                await cluster.PromoteBareAsync(West);
                await cluster.ExecuteAsync(West, "insert into orders values (-1)");
                bare.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }
        }

        Show("fence, everything dead", fences);
        Show("promote, judged to verified", promotions);
        Show("kill -> first write through the driver", totals);
        Show("kill -> first write, pg_ctl promote -w", bare);
    }

    [Fact(Explicit = true)]
    public async Task A_planned_move()
    {
        await using var cluster = await StartAsync();
        List<double> outages = [];
        for (var run = 0; run < Runs; run++)
        {
            await cluster.ResetAsync();
            await using var writers = new TwoWriters(cluster);
            await writers.UntilMoreAsync(East, 300);
            await cluster.DoAsync("prepare", cluster.Step(West, RunKind.Switchover, 2));
            await cluster.DoAsync("stop", cluster.Step(East, RunKind.Switchover, 2));
            await cluster.DoAsync("take-over", cluster.Step(West, RunKind.Switchover, 2));
            await writers.UntilMoreAsync(West, 100);
            await writers.StopAsync();
            Assert.Equal(1, writers.Changes());
            outages.Add(writers.LongestOutage().TotalMilliseconds);
        }

        Show("planned move, longest stretch without an order", outages);
    }

    private void Show(string what, List<double> milliseconds)
    {
        milliseconds.Sort();
        output.WriteLine($"{what}: median {milliseconds[milliseconds.Count / 2]:0.0} ms ({milliseconds[0]:0.0} to {milliseconds[^1]:0.0}, {milliseconds.Count} runs)");
    }
}
