using Kedge.Drivers;
using Kedge.Drivers.PostgreSql;
using Kedge.Drivers.Programs;
using Kedge.Drivers.Secrets;
using Kedge.Plan.Model;
using Xunit;
using static Kedge.Acceptance.Drivers.PostgreSql.TwoSiteCluster;

namespace Kedge.Acceptance.Drivers.PostgreSql;

/// <summary>With a stand-in for systemctl: systemd cannot run inside a test.</summary>
public sealed class WhenSystemdManagesIt
{
    [Fact]
    public async Task It_is_told_to_stop_before_the_processes_are_ended_so_that_it_starts_nothing_again()
    {
        await using var cluster = await StartAsync();
        var systemd = new FakeSystemctl();
        await using var driver = Managed(cluster, systemd);
        var step = cluster.Step(East, RunKind.Failover, 2);

        await driver.Actions["fence"].ActAsync(step, CancellationToken.None);

        Assert.False(cluster.IsRunning(East));
        Assert.Equal(["stop --no-block -- shop@east.service", "is-active -- shop@east.service"], systemd.Asked);
        Assert.Equal(JudgementKind.Done, (await driver.Actions["fence"].JudgeAsync(step, CancellationToken.None)).Kind);
    }

    [Fact]
    public async Task A_dead_server_is_not_fenced_while_its_unit_may_start_again()
    {
        await using var cluster = await StartAsync();
        var systemd = new FakeSystemctl { Active = "activating" };
        await using var driver = Managed(cluster, systemd);
        cluster.Kill(East);

        var judgement = await driver.Actions["fence"].JudgeAsync(cluster.Step(East, RunKind.Failover, 2), CancellationToken.None);

        Assert.Equal(JudgementKind.NotYet, judgement.Kind);
        Assert.Contains("systemd may start shop@east.service again", judgement.What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_planned_stop_goes_through_the_unit()
    {
        await using var cluster = await StartAsync();
        var systemd = new FakeSystemctl();
        await using var driver = Managed(cluster, systemd);

        await driver.Actions["stop"].ActAsync(cluster.Step(East, RunKind.Switchover, 2), CancellationToken.None);

        Assert.Equal("stop -- shop@east.service", systemd.Asked[0]);
        Assert.Equal(JudgementKind.Done, (await driver.Actions["stop"].JudgeAsync(cluster.Step(East, RunKind.Switchover, 2), CancellationToken.None)).Kind);
    }

    private static PostgresDriver Managed(TwoSiteCluster cluster, FakeSystemctl systemd)
    {
        cluster.Change(East, "unit", "shop@east.service");
        cluster.Change(East, "manage", "systemd");
        return new(new(TimeProvider.System, new SecretReader(), systemd));
    }

    /// <summary>Answers as systemctl would for a unit that is inactive (or as told) and runs everything else for real.</summary>
    private sealed class FakeSystemctl : IProgramRunner
    {
        private readonly ProgramRunner real = new(TimeProvider.System);

        public List<string> Asked { get; } = [];

        public string Active { get; init; } = "inactive";

        public Task<ProgramResult> RunAsync(ProgramStart start, CancellationToken cancellation)
        {
            if (start.Arguments[0] != "systemctl")
            {
                return real.RunAsync(start, cancellation);
            }

            Asked.Add(string.Join(' ', start.Arguments.Skip(1)));
            return Task.FromResult(start.Arguments[1] == "is-active"
                ? new ProgramResult(Active == "active" ? 0 : 3, Active + "\n", TimeSpan.Zero)
                : new ProgramResult(0, "", TimeSpan.Zero));
        }

        public Task<int> StartDetachedAsync(ProgramStart start, string outputFile, CancellationToken cancellation) =>
            real.StartDetachedAsync(start, outputFile, cancellation);
    }
}
