namespace Kedge.Journal;

/// <summary>
/// One at a time, first come first served. Unlike SemaphoreSlim it never leaves the caller's context, which keeps a
/// simulation deterministic. For use on one thread.
/// </summary>
internal sealed class Turns
{
    private readonly Queue<TaskCompletionSource> waiting = [];
    private bool taken;

    public Task TakeAsync()
    {
        if (!taken)
        {
            taken = true;
            return Task.CompletedTask;
        }

        var next = new TaskCompletionSource();
        waiting.Enqueue(next);
        return next.Task;
    }

    public void Give()
    {
        if (waiting.TryDequeue(out var next))
        {
            next.SetResult();
        }
        else
        {
            taken = false;
        }
    }
}
