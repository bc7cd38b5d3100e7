using Kedge.Store;

namespace Kedge.Nodes;

/// <summary>
/// One thread on which everything of a node runs between its awaits: folds need no locks, and the same code runs
/// deterministically in a simulation, which has a context of its own.
/// </summary>
public sealed class NodeContext : SynchronizationContext
{
    private readonly SleepingQueue<(SendOrPostCallback Callback, object? State)> queue = new();

    private NodeContext()
    {
    }

    /// <summary>Runs <paramref name="main"/> on the calling thread until it completes; its exception comes out here.</summary>
    public static T Run<T>(Func<Task<T>> main)
    {
        var before = Current;
        var context = new NodeContext();
        SetSynchronizationContext(context);
        try
        {
            var task = main();
            task.ContinueWith(_ => context.queue.End(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            while (context.queue.TryTake(out var posted))
            {
                posted.Callback(posted.State);
            }

            return task.GetAwaiter().GetResult();
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }

    /// <summary>What is still under way when the main task is over has nobody to report to.</summary>
    public override void Post(SendOrPostCallback d, object? state) => queue.TryAdd((d, state));

    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("a node's context is never waited for");
}
