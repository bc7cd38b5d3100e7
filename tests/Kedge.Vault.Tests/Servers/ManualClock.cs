namespace Kedge.Vault.Tests.Servers;

/// <summary>Time that passes only when somebody waits: every wait is over at once, and the clock stands then where it would.</summary>
internal sealed class ManualClock : TimeProvider
{
    private readonly Lock guard = new();
    private readonly List<TimeSpan> waits = [];
    private long ticks;

    /// <summary>All waits so far, in their order.</summary>
    internal IReadOnlyList<TimeSpan> Waits
    {
        get
        {
            lock (guard)
            {
                return [.. waits];
            }
        }
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref ticks);

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddTicks(GetTimestamp());

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime != Timeout.InfiniteTimeSpan)
        {
            lock (guard)
            {
                waits.Add(dueTime);
                ticks += dueTime.Ticks;
            }

            ThreadPool.UnsafeQueueUserWorkItem(_ => callback(state), null);
        }

        return new Passed();
    }

    private sealed class Passed : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
            // It has rung already.
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
