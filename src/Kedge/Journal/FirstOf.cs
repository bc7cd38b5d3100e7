namespace Kedge.Journal;

/// <summary>
/// Waits for the first of several things. The waiter goes on in its own turn on its own thread, whoever wakes it: a
/// cancelled <c>Task.Delay</c> would send it round by the thread pool, where the order is chance.
/// </summary>
public static class FirstOf
{
    /// <summary>
    /// Completes when one of the tasks does (whatever its result), or the time is up (rounded up to a millisecond, so that
    /// nobody wakes too early and finds nothing due). Throws when it is cancelled.
    /// </summary>
    public static async Task WaitAsync(IEnumerable<Task> tasks, TimeSpan atMost, TimeProvider time, CancellationToken cancellation)
    {
        var context = SynchronizationContext.Current;
        var over = new TaskCompletionSource();
        void End(object? state)
        {
            if (context is null)
            {
                over.TrySetResult();
            }
            else
            {
                context.Post(_ => over.TrySetResult(), null);
            }
        }

        var due = atMost > TimeSpan.Zero ? TimeSpan.FromMilliseconds(Math.Ceiling(atMost.TotalMilliseconds)) : TimeSpan.Zero;
        using var timer = time.CreateTimer(End, null, due, Timeout.InfiniteTimeSpan);
        using var registration = cancellation.UnsafeRegister(End, null);
        await Task.WhenAny(tasks.Append(over.Task));
        cancellation.ThrowIfCancellationRequested();
    }
}
