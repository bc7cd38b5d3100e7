using Kedge.Demo.Client;
using Kedge.Demo.Story;
using Kedge.Demo.World;
using Kedge.Journal.Events;
using Kedge.Nodes;
using Kedge.Plan.Model;
using Kedge.Recover.Run;

namespace Kedge.Bench;

/// <summary>The demo's world with customers, a node that leads, and a hand on its journal.</summary>
internal sealed class Shop : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly OrderLedger.Reader ledger;
    private CancellationTokenSource following = new();
    private Task follow;

    private Shop(DemoWorld world, ControlPlane plane)
    {
        (World, Plane) = (world, plane);
        ledger = new(world.Layout.Ledger);
        follow = plane.Session.FollowAsync(following.Token);
    }

    /// <summary>Has nothing to do for a time, so that nothing is taken from who works.</summary>
    public async Task LookAwayAsync(TimeSpan time, CancellationToken cancellation)
    {
        await StopFollowingAsync();
        await Task.Delay(time, cancellation);
        following = new();
        follow = Plane.Session.FollowAsync(following.Token);
    }

    public DemoWorld World { get; }

    public ControlPlane Plane { get; }

    public OrderFigures Orders { get; } = new();

    public static async Task<Shop> OpenAsync(string program, CancellationToken cancellation)
    {
        var world = await DemoWorld.StartAsync(new(program, Synchronous: false, Rate: 50), TimeProvider.System, static _ => { }, cancellation);
        try
        {
            await world.StartNodeAsync(cancellation);
            var plane = await ControlPlane.OpenAsync(
                new() { StateFolder = world.Layout.State, Who = "Operations manager", NodeName = "bench" }, cancellation);
            var shop = new Shop(world, plane);
            await shop.UntilAsync(s => s.Register.Leader is not null, cancellation);
            await world.StartClientAsync(cancellation);
            await world.StartWatchAsync(cancellation);
            await shop.CalmAsync(TimeSpan.FromSeconds(2), cancellation);
            return shop;
        }
        catch
        {
            await world.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until the journal says something.</summary>
    public async Task UntilAsync(Func<ControlState, bool> holds, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        await Plane.UntilAsync(s => holds(s) ? s : null, limit.Token);
    }

    /// <summary>Lets customers order for a time, and reads what became of it.</summary>
    public async Task CalmAsync(TimeSpan time, CancellationToken cancellation)
    {
        await Task.Delay(time, cancellation);
        Orders.Add(ledger.ReadNew());
    }

    /// <summary>Plans a run and follows it to its end.</summary>
    public async Task<RunState> RunAsync(RunKind kind, IReadOnlyList<Move> moves, CancellationToken cancellation)
    {
        var proposal = await Plane.Operator.PrepareAsync(new(kind, Scenario.PlannedMaintenance, moves), dryRun: false, cancellation);
        var answer = await Plane.Operator.BeginAsync(proposal, [], cancellation);
        return await EndAsync(Plane.State.Runs.Find(answer.Run ?? throw new InvalidOperationException(answer.Text))!, cancellation);
    }

    public async Task<RunState> EndAsync(RunState run, CancellationToken cancellation)
    {
        await UntilAsync(_ => run is { Live: false } or { Status: RunStatus.Paused }, cancellation);
        return run.Status is RunStatus.AwaitingCommit or RunStatus.Completed or RunStatus.Committed
            ? run
            : throw new InvalidOperationException($"{run.Id} ended as {run.Status}: {run.Because}");
    }

    public async ValueTask DisposeAsync()
    {
        await StopFollowingAsync();
        await Plane.DisposeAsync();
        await World.DisposeAsync();
    }

    private async Task StopFollowingAsync()
    {
        await following.CancelAsync();
        try
        {
            await follow;
        }
        catch (OperationCanceledException)
        {
            // It was asked to end.
        }

        following.Dispose();
    }
}
