using System.Collections.Concurrent;

namespace Kedge.Nodes;

/// <summary>
/// One thread on which everything of a node runs between its awaits: folds need no locks, and the same code runs
/// deterministically in a simulation, which has a context of its own.
/// </summary>
public sealed class NodeContext : SynchronizationContext
{
    private readonly BlockingCollection<(SendOrPostCallback Callback, object? State)> queue = [];

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
            task.ContinueWith(_ => context.queue.CompleteAdding(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            foreach (var (callback, state) in context.queue.GetConsumingEnumerable())
            {
                callback(state);
            }

            return task.GetAwaiter().GetResult();
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }

    public override void Post(SendOrPostCallback d, object? state)
    {
        try
        {
            queue.Add((d, state));
        }
        catch (InvalidOperationException)
        {
            // The main task is over; what was still under way has nobody to report to.
        }
    }

    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("a node's context is never waited for");
}
