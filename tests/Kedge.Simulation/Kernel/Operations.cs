namespace Kedge.Simulation.Kernel;

/// <summary>What a process asks of the world outside it: it takes time, and the answer comes back to the process.</summary>
internal sealed class Operations(Scheduler scheduler)
{
    /// <summary>
    /// After a time something happens in the world, and the asker is told. The token, and the asker's death, call it off
    /// before it happens, or not: by then it may be on its way.
    /// </summary>
    /// <param name="onItsWay">How likely it goes on without whoever asked, 0 to 1.</param>
    public Task<T> AskAsync<T>(
        SimulatedProcess by, TimeSpan takes, Func<T> happens, double onItsWay, CancellationToken cancellation)
    {
        var answer = new TaskCompletionSource<T>();
        if (cancellation.IsCancellationRequested)
        {
            answer.SetCanceled(cancellation);
            return answer.Task;
        }

        var goesOn = scheduler.Dice.NextDouble() < onItsWay;
        var registration = cancellation.CanBeCanceled
            ? cancellation.UnsafeRegister(static (a, token) => ((TaskCompletionSource<T>)a!).TrySetCanceled(token), answer)
            : default;
        scheduler.After(takes, () =>
        {
            if ((by.IsDead || answer.Task.IsCompleted) && !goesOn)
            {
                return;
            }

            try
            {
                answer.TrySetResult(happens());
            }
            catch (Exception failure)
            {
                answer.TrySetException(failure);
            }

            registration.Unregister();
        });
        return answer.Task;
    }

    /// <summary>A look, which nothing is changed by.</summary>
    public Task<T> LookAsync<T>(SimulatedProcess by, TimeSpan takes, Func<T> look, CancellationToken cancellation) =>
        AskAsync(by, takes, look, onItsWay: 0, cancellation);

    /// <summary>Never answers; the token ends it.</summary>
    public static Task<T> HangAsync<T>(CancellationToken cancellation)
    {
        var never = new TaskCompletionSource<T>();
        cancellation.UnsafeRegister(static (a, token) => ((TaskCompletionSource<T>)a!).TrySetCanceled(token), never);
        return never.Task;
    }
}
