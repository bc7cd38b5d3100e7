using System.Net;
using Kedge.Demo.Client;
using Kedge.Demo.Story;
using Kedge.Demo.World;
using Kedge.Nodes;
using Kedge.Recover.Run;

namespace Kedge.Demo.Play;

/// <summary>What all chapters of the demo share: the world, Kedge's journal, the customers' ledger, the storyteller.</summary>
internal sealed class Stage(DemoOptions options, DemoWorld world, ControlPlane plane, StoryTeller teller, TimeProvider time)
{
    private readonly OrderLedger.Reader ledger = new(world.Layout.Ledger);

    public DemoOptions Options { get; } = options;

    public DemoWorld World { get; } = world;

    public ControlPlane Plane { get; } = plane;

    public StoryTeller Teller { get; } = teller;

    public TimeProvider Time { get; } = time;

    public OrderFigures Orders { get; } = new();

    /// <summary>When the disaster struck; null before it.</summary>
    public DateTimeOffset? Struck { get; set; }

    /// <summary>What it comes to, as the chapters find out.</summary>
    public DemoOutcome Outcome { get; set; } = new();

    /// <summary>Adds whether a promise was kept.</summary>
    public void Judge(bool kept, string what) => Outcome = Outcome with { Promises = [.. Outcome.Promises, (kept, what)] };

    public static IPAddress AddressOf(string site) => WorldLayout.AddressOf(site);

    /// <summary>Takes in what the client has written since.</summary>
    public OrderFigures NewestOrders()
    {
        Orders.Add(ledger.ReadNew());
        return Orders;
    }

    /// <summary>Waits until the journal says something; throws <see cref="DemoException"/> when it takes too long.</summary>
    public async Task<T> UntilAsync<T>(Func<ControlState, T?> find, TimeSpan patience, string what, CancellationToken cancellation)
        where T : class
    {
        using var limit = new CancellationTokenSource(patience, Time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            return await Plane.UntilAsync(find, linked.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new DemoException($"Kedge did not come to the point where {what}", $"its node's words are in {World.Layout.NodeLog}");
        }
    }

    /// <summary>Waits until the customers' ledger says something, for at most so long; whether it did.</summary>
    public async Task<bool> UntilOrdersAsync(Func<OrderFigures, bool> hold, TimeSpan patience, CancellationToken cancellation)
    {
        var began = Time.GetTimestamp();
        while (!hold(NewestOrders()))
        {
            if (Time.GetElapsedTime(began) > patience)
            {
                return false;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), Time, cancellation);
        }

        return true;
    }

    /// <summary>Follows a run to its end, as bars over time.</summary>
    public async Task FollowAsync(RunState run, TimeSpan predicted, CancellationToken cancellation)
    {
        var over = UntilAsync(_ => run.Live && run.Status is not RunStatus.Paused ? null : run, TimeSpan.FromMinutes(3), $"{run.Id} is over", cancellation);
        await Teller.FollowAsync(
            () => GanttChart.Of(RunFacts.Bars(run), Time.GetUtcNow() - (run.StartedAt ?? Time.GetUtcNow()), predicted),
            () => RunFacts.News(run),
            over,
            cancellation);
        if (run.Status is not (RunStatus.AwaitingCommit or RunStatus.Completed or RunStatus.Committed))
        {
            throw new DemoException($"{run.Id} did not end well: {run.Status} {run.Because}", $"its node's words are in {World.Layout.NodeLog}");
        }
    }
}
