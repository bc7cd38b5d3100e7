using Kedge.Drivers;
using Kedge.Plan;
using Kedge.Plan.Model;
using Kedge.Recover.Run;
using Kedge.Store.Sqlite;

namespace Kedge.Nodes.Warming;

/// <summary>
/// Plays a whole failover when a node starts, from the first failed check to the commit window, with data that is none
/// and in a state of its own that is thrown away. In the disaster nothing runs for the first time then: code that .NET
/// would compile only there costs a first failover several tenths of a second.
/// </summary>
public static class WarmUp
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>Returns within a minute; on a thread that it may block. Throws whatever kept it from its end.</summary>
    /// <returns>How the run stands in the end.</returns>
    public static RunStatus Play(TimeProvider time, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("kedge-warm-up-").FullName;
        try
        {
            using var limit = new CancellationTokenSource(Limit, time);
            using var linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
            return NodeContext.Run(() => PlayAsync(folder, time, linked.Token));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<RunStatus> PlayAsync(string folder, TimeProvider time, CancellationToken cancellation)
    {
        var nothing = new NothingDriver();
        var drivers = new DriverRegistry([nothing]);
        var store = await SqliteStore.OpenAsync(Path.Combine(folder, "kedge.db"), time, cancellation);
        await using var plane = await ControlPlane.AssembleAsync(
            new() { StateFolder = folder, Who = "kedge", NodeName = "warm-up", Time = time }, store, drivers, cancellation);
        var reading = new PlanReader(drivers.Contracts).Read([new PlanSource("warm-up", PlanText)]);
        await plane.AdoptAsync(reading.Plan ?? throw new InvalidOperationException(string.Join("; ", reading.Problems)), cancellation);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var node = plane.CreateNode(new()).RunAsync(ending.Token);
        try
        {
            await UntilAsync(plane, s => s.Register.Leader, cancellation);
            nothing.Lose(new SiteName("there"));
            var run = await UntilAsync(plane, s => s.Runs.Runs.FirstOrDefault(r => r.Status is RunStatus.AwaitingApproval), cancellation);
            await plane.Operator.ApproveAsync(run.Id, [], null, cancellation);
            await UntilAsync(plane, _ => run.Status is RunStatus.AwaitingApproval or RunStatus.Running ? null : run, cancellation);
            return run.Status;
        }
        finally
        {
            await ending.CancelAsync();
            await node;
        }
    }

    private static async Task<T> UntilAsync<T>(ControlPlane plane, Func<ControlState, T?> find, CancellationToken cancellation)
        where T : class
    {
        while (true)
        {
            var changed = plane.Session.Changed;
            if (find(plane.State) is { } found)
            {
                return found;
            }

            await changed.WaitAsync(cancellation);
        }
    }

    private const string PlanText = """
        plan: Warm-up
        marker-every: 100ms
        sites:
          there: { recovered-by: [here] }
          here: {}
        services:
          nothing:
            primary: there
            components:
              data: { driver: nothing, at: { there: {}, here: {} } }
              more: { driver: nothing, needs: [data], at: { there: {}, here: {} } }
            checks:
              look: { driver: nothing, every: 50ms, timeout: 5s, confirmations: 1, confirm-every: 10ms, at: { there: { site: there }, here: { site: here } } }
        """;
}
