namespace Kedge.Simulation.Kernel;

/// <summary>The clock of one simulated process. Its timers fire in the process: late while that is paused, never once it is dead.</summary>
internal sealed class VirtualTime(Scheduler scheduler, SimulatedProcess process) : TimeProvider
{
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => scheduler.Now;

    public override long GetTimestamp() => scheduler.Elapsed.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(scheduler, process, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class VirtualTimer(Scheduler scheduler, SimulatedProcess process, TimerCallback callback, object? state) : ITimer
    {
        private Alarm? alarm;
        private TimeSpan period;

        public bool Change(TimeSpan dueTime, TimeSpan every)
        {
            alarm?.Cancel();
            period = every;
            alarm = dueTime == Timeout.InfiniteTimeSpan ? null : scheduler.After(dueTime, Ring);
            return true;
        }

        public void Dispose()
        {
            alarm?.Cancel();
            alarm = null;
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Ring()
        {
            var rung = alarm;
            if (period > TimeSpan.Zero)
            {
                alarm = rung = scheduler.After(period, Ring);
            }

            scheduler.Post(process, _ => Fire(rung), null);
        }

        private void Fire(Alarm? rung)
        {
            // Somebody may have stopped or changed the timer while its callback waited for its turn.
            if (ReferenceEquals(rung, alarm))
            {
                callback(state);
            }
        }
    }
}
