namespace Kedge.Store.Sqlite;

/// <summary>
/// A thread of its own for calls that block, in the order in which they were asked for. Whoever awaits one never blocks,
/// and goes on elsewhere: a slow caller does not hold the thread up.
/// </summary>
internal sealed class StoreThread : IAsyncDisposable
{
    private readonly SleepingQueue<IJob> jobs = new();
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Action whenIdle;
    private readonly Action atEnd;
    private volatile StoreException? broken;

    /// <param name="whenIdle">Called on the thread each time nothing is waiting; must not throw.</param>
    /// <param name="atEnd">Called on the thread as the last thing.</param>
    public StoreThread(string name, Action whenIdle, Action atEnd)
    {
        (this.whenIdle, this.atEnd) = (whenIdle, atEnd);
        new Thread(Work, maxStackSize: 256 * 1024) { IsBackground = true, Name = name }.Start();
    }

    /// <summary>
    /// Runs work on the thread. A token that ends before the work began takes it out of the queue; later it is for the
    /// work to heed. Throws <see cref="ObjectDisposedException"/> after <see cref="DisposeAsync"/>, and
    /// <see cref="StoreException"/> once the thread itself has failed.
    /// </summary>
    public Task<T> RunAsync<T>(Func<CancellationToken, T> work, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellation);
        }

        var job = new Job<T>(work, cancellation);
        return jobs.TryAdd(job) ? job.Outcome : throw broken ?? (Exception)new ObjectDisposedException(nameof(SqliteStore));
    }

    /// <summary>Finishes what was asked for, then ends.</summary>
    public async ValueTask DisposeAsync()
    {
        jobs.End();
        await ended.Task;
    }

    private void Work()
    {
        try
        {
            while (jobs.TryTake(out var job))
            {
                job.Run();
                if (jobs.IsEmpty)
                {
                    whenIdle();
                }
            }

            atEnd();
            ended.SetResult();
        }
        catch (Exception failure)
        {
            // Nobody may wait for a thread that is gone.
            broken = new StoreException("the store has stopped working in this process", failure);
            jobs.End();
            while (jobs.TryTake(out var left))
            {
                left.Fail(broken);
            }

            ended.SetException(failure);
        }
    }

    private interface IJob
    {
        void Run();

        void Fail(StoreException because);
    }

    private sealed class Job<T> : IJob
    {
        private readonly TaskCompletionSource<T> outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Func<CancellationToken, T> work;
        private readonly CancellationToken cancellation;
        private readonly CancellationTokenRegistration registration;
        private int taken;

        public Job(Func<CancellationToken, T> work, CancellationToken cancellation)
        {
            (this.work, this.cancellation) = (work, cancellation);
            registration = cancellation.UnsafeRegister(static job => ((Job<T>)job!).CancelIfNotBegun(), this);
        }

        public Task<T> Outcome => outcome.Task;

        public void Run()
        {
            if (Interlocked.Exchange(ref taken, 1) != 0)
            {
                return;
            }

            // Not Dispose: that would wait for a callback that is running, which may hold locks of its caller.
            registration.Unregister();
            try
            {
                outcome.SetResult(work(cancellation));
            }
            catch (OperationCanceledException ended) when (cancellation.IsCancellationRequested)
            {
                outcome.SetCanceled(ended.CancellationToken);
            }
            catch (Exception failure)
            {
                outcome.SetException(failure);
            }
        }

        public void Fail(StoreException because)
        {
            if (Interlocked.Exchange(ref taken, 1) == 0)
            {
                registration.Unregister();
                outcome.SetException(because);
            }
        }

        private void CancelIfNotBegun()
        {
            if (Interlocked.Exchange(ref taken, 1) == 0)
            {
                outcome.SetCanceled(cancellation);
            }
        }
    }
}
