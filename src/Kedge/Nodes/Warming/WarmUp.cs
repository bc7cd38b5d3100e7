using Kedge.Drivers;
using Kedge.Plan;
using Kedge.Plan.Model;
using Kedge.Recover.Run;
using Kedge.Store.Sqlite;

namespace Kedge.Nodes.Warming;

/// <summary>
/// Plays a whole failover when a node starts, from the first failed check to the commit window, with data that is none
/// and in a state of its own that is thrown away: what .NET would compile only in the first failover it has compiled by
/// then. Drivers are not part of it.
/// </summary>
public sealed class WarmUp : IDisposable
{
    private const string Prefix = "warm-up-";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource ending = new();
    private readonly Thread thread;

    private WarmUp(string stateFolder, TimeProvider time, Action<string> announce)
    {
        thread = new(() => Work(stateFolder, time, announce)) { IsBackground = true, Name = "warm-up" };
        thread.Start();
    }

    /// <summary>
    /// Plays it on a thread of its own, beside everything else and of no consequence but speed: that it failed is announced,
    /// from that thread. <see cref="Dispose"/> breaks it off.
    /// </summary>
    public static WarmUp Begin(string stateFolder, TimeProvider time, Action<string> announce) => new(stateFolder, time, announce);

    /// <summary>Returns within a minute; on a thread that it may block. Throws whatever kept it from its end.</summary>
    /// <returns>How the run stands in the end.</returns>
    public static RunStatus Play(string stateFolder, TimeProvider time, CancellationToken cancellation)
    {
        Sweep(stateFolder);
        var folder = Path.Combine(stateFolder, $"{Prefix}{Environment.ProcessId}");
        Directory.CreateDirectory(folder);
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

    /// <summary>Waits until it has tidied up.</summary>
    public void Dispose()
    {
        ending.Cancel();
        thread.Join();
        ending.Dispose();
    }

    private void Work(string stateFolder, TimeProvider time, Action<string> announce)
    {
        try
        {
            Play(stateFolder, time, ending.Token);
        }
        catch (OperationCanceledException)
        {
            // The node ends, or the machine is too busy for it.
        }
        catch (Exception failure)
        {
            announce($"the warm-up did not get through: {failure.Message}");
        }
    }

    /// <summary>What processes left behind that were killed in the middle of it.</summary>
    private static void Sweep(string stateFolder)
    {
        foreach (var left in Directory.EnumerateDirectories(stateFolder, $"{Prefix}*"))
        {
            if (!int.TryParse(Path.GetFileName(left)[Prefix.Length..], out var pid) || pid == Environment.ProcessId || !Directory.Exists($"/proc/{pid}"))
            {
                Remove(left);
            }
        }
    }

    private static void Remove(string left)
    {
        try
        {
            Directory.Delete(left, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // Another node, which has started at the same moment, was faster.
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
            await plane.UntilAsync(s => s.Register.Leader, cancellation);
            nothing.Lose(new SiteName("there"));
            var run = await plane.UntilAsync(s => s.Runs.Runs.FirstOrDefault(r => r.Status is RunStatus.AwaitingApproval), cancellation);
            await plane.Operator.ApproveAsync(run.Id, [], null, cancellation);
            await plane.UntilAsync(_ => run.Status is RunStatus.AwaitingApproval or RunStatus.Running ? null : run, cancellation);
            return run.Status;
        }
        finally
        {
            await ending.CancelAsync();
            await node;
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
