using System.Runtime.ExceptionServices;

namespace Kedge.Vault.Threads;

/// <summary>Several threads that do the same until nothing is left.</summary>
internal static class Crew
{
    /// <summary>Runs <paramref name="labour"/> on so many threads, and ends when all have.</summary>
    /// <param name="stop">Called once, after the first failure or the caller's cancellation, so that nobody waits for more.</param>
    /// <param name="stackSize">In bytes; 0 for the usual.</param>
    /// <exception cref="Exception">The first failure of any of them.</exception>
    internal static async Task RunAsync(string name, int threads, Action labour, Action stop, CancellationToken cancellation, int stackSize = 0)
    {
        ExceptionDispatchInfo? failure = null;
        var left = threads;
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = cancellation.Register(stop);
        for (var number = 0; number < threads; number++)
        {
            new Thread(Work, stackSize) { IsBackground = true, Name = $"{name} {number}" }.Start();
        }

        await done.Task;
        failure?.Throw();
        cancellation.ThrowIfCancellationRequested();

        void Work()
        {
            try
            {
                labour();
            }
            catch (Exception problem)
            {
                // Whatever it is, the caller hears of it, and nobody goes on.
                if (Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(problem), null) is null)
                {
                    stop();
                }
            }

            if (Interlocked.Decrement(ref left) == 0)
            {
                done.SetResult();
            }
        }
    }
}
