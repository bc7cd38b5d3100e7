using Kedge.Drivers;
using Kedge.Drivers.PostgreSql.Server;
using Kedge.Plan.Model;
using static Kedge.Acceptance.Drivers.PostgreSql.TwoSiteCluster;

namespace Kedge.Acceptance.Drivers.PostgreSql;

public sealed class WhatThePostgresDriverPromises : DriverPromises
{
    private TwoSiteCluster cluster = null!;

    protected override IDriver Driver => cluster.Driver;

    public override async ValueTask InitializeAsync() => cluster = await StartAsync();

    public override ValueTask DisposeAsync() => cluster.DisposeAsync();

    protected override async Task<StepContext> PrepareAsync(string action)
    {
        await cluster.ResetAsync();
        switch (action)
        {
            case "prepare":
                await cluster.ExecuteAsync(East, "insert into orders select generate_series(1, 20000)");
                await UntilAsync(
                    async () => await cluster.AskAsync<bool>(East, "select now() - checkpoint_time > '6 seconds' from pg_control_checkpoint()"),
                    "the last checkpoint does not age");
                return cluster.Step(West, RunKind.Switchover, 2);
            case "stop":
                return cluster.Step(East, RunKind.Switchover, 2);
            case "take-over":
                await cluster.DoAsync("stop", cluster.Step(East, RunKind.Switchover, 2));
                return cluster.Step(West, RunKind.Switchover, 2);
            case "fence":
                return cluster.Step(East, RunKind.Failover, 2);
            case "promote":
                var last = await cluster.MarkAsync(1);
                await cluster.CatchUpAsync(East, West);
                cluster.Kill(East);
                return cluster.Step(West, RunKind.Failover, 2, last);
            case "rejoin":
                await cluster.FailOverAsync();
                return cluster.Step(East, RunKind.Reprotect, 2);
            case "resume":
                await cluster.FailOverAsync();
                await cluster.DoAsync("fence", cluster.Step(West, RunKind.Rollback, 3, from: West));
                return cluster.Step(East, RunKind.Rollback, 3, from: West);
            default:
                throw new ArgumentOutOfRangeException(nameof(action), action, "no world is made for this action");
        }
    }

    protected override async Task<string> WorldAsync()
    {
        var world = new List<string>();
        foreach (var site in (SiteName[])[East, West])
        {
            world.Add($"{site} {string.Join(' ', Directory.EnumerateFileSystemEntries(cluster.Data(site)).Select(Path.GetFileName).Order())}");
            var side = cluster.Data(site) + ".kedge";
            world.AddRange(Directory.Exists(side) ? Directory.EnumerateFileSystemEntries(side).Order() : []);
            if (ServerProcesses.Find(cluster.Data(site)).AllDead)
            {
                world.Add("down");
                continue;
            }

            await UntilAsync(() => IsUpAsync(site), $"{site} does not answer");
            world.Add(await cluster.AskAsync<string>(site, """
                select concat_ws(' ', pg_is_in_recovery(), current_setting('synchronous_standby_names'),
                    (select string_agg(epoch || site, ',' order by epoch) from kedge.epoch),
                    (select string_agg(epoch || ':' || sequence || ':' || writes, ',' order by epoch) from kedge.marker),
                    (select string_agg(slot_name, ',') from pg_replication_slots), (select count(*) from orders))
                """));
        }

        return string.Join('\n', world);
    }

    protected override async IAsyncEnumerable<(string Action, StepContext Step, string Names)> BrokenAsync()
    {
        cluster.Kill(East);
        cluster.Kill(West);
        cluster.RemoveLock(West);
        Directory.Move(cluster.Data(West), cluster.Data(West) + ".elsewhere");
        yield return ("promote", cluster.Step(West, RunKind.Failover, 2), "nobody listens");
        yield return ("take-over", cluster.Step(West, RunKind.Switchover, 2), "nobody listens");
        yield return ("prepare", cluster.Step(West, RunKind.Switchover, 2), "nobody listens");
        cluster.Change(East, "host", "no-such-machine.invalid");
        yield return ("fence", cluster.Step(East, RunKind.Failover, 2), "is not this machine");
        yield return ("stop", cluster.Step(East, RunKind.Switchover, 2), "is not this machine");
        yield return ("rejoin", cluster.Step(East, RunKind.Reprotect, 2), "is not this machine");
        yield return ("resume", cluster.Step(East, RunKind.Rollback, 3, from: West), "is not this machine");
        await Task.CompletedTask;
    }

    private async Task<bool> IsUpAsync(SiteName site) =>
        (await Driver.ObserveAsync(cluster.At(site), Cancellation)).State is InstanceState.Running;
}
