namespace Kedge.Tests.Store;

/// <summary>A fake: time moves when the test says so, and due timers run then.</summary>
internal sealed class HandSetClock(DateTimeOffset start) : TimeProvider
{
    private readonly Lock gate = new();
    private readonly List<Alarm> alarms = [];
    private DateTimeOffset now = start;

    public HandSetClock()
        : this(new DateTimeOffset(2026, 3, 1, 3, 0, 0, TimeSpan.Zero))
    {
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate)
        {
            return now;
        }
    }

    public override long GetTimestamp() => GetUtcNow().Ticks;

    /// <summary>Negative: the clock is set back; timers know nothing of that.</summary>
    public void Move(TimeSpan by)
    {
        List<Alarm> due;
        lock (gate)
        {
            now += by;
            due = alarms.Where(a => a.At <= now).OrderBy(a => a.At).ToList();
            alarms.RemoveAll(due.Contains);
        }

        foreach (var alarm in due)
        {
            alarm.Ring();
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var alarm = new Alarm(this, () => callback(state));
        alarm.Change(dueTime, period);
        return alarm;
    }

    private sealed class Alarm(HandSetClock clock, Action ring) : ITimer
    {
        public DateTimeOffset At { get; private set; }

        public void Ring() => ring();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock.gate)
            {
                clock.alarms.Remove(this);
                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    At = clock.now + dueTime;
                    clock.alarms.Add(this);
                }
            }

            return true;
        }

        public void Dispose()
        {
            lock (clock.gate)
            {
                clock.alarms.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
