namespace Kedge.Simulation.Kernel;

/// <summary>
/// The heart of the simulation: one thread, one clock, one die. It runs whatever callback is ready, in an order that
/// the seed decides, and moves the clock on only when nothing is. The same seed gives the same run, step by step.
/// </summary>
internal sealed class Scheduler(int seed, Trace trace)
{
    private const int MostSteps = 200_000;
    private static readonly DateTimeOffset Beginning = new(2026, 1, 5, 8, 0, 0, TimeSpan.Zero);

    private readonly PriorityQueue<Alarm, (long, long)> alarms = new();
    private readonly List<Ready> ready = [];
    private readonly int thread = Environment.CurrentManagedThreadId;
    private long now;
    private long order;

    public Random Dice { get; } = new(seed);

    public Trace Trace { get; } = trace;

    /// <summary>Since the beginning.</summary>
    public TimeSpan Elapsed => new(now);

    public DateTimeOffset Now => Beginning.AddTicks(now);

    public long Steps { get; private set; }

    /// <summary>Differs as soon as two runs differ in any step.</summary>
    public ulong Fingerprint { get; private set; } = 14695981039346656037;

    /// <summary>The first thing that was wrong; nothing runs after it.</summary>
    public Violation? Violation { get; private set; }

    public void Fail(string law, string what) => Violation ??= new(law, what, Elapsed);

    /// <summary>Does something later, outside any process.</summary>
    public Alarm After(TimeSpan delay, Action what)
    {
        _ = IsOnThread();
        var alarm = new Alarm(what);
        alarms.Enqueue(alarm, (now + Math.Max(0, delay.Ticks), order++));
        return alarm;
    }

    public void Post(SimulatedProcess process, SendOrPostCallback callback, object? state)
    {
        if (IsOnThread())
        {
            ready.Add(new(process, callback, state));
        }
    }

    /// <summary>Runs until it is over, something is wrong, or the time is up; true where it is over.</summary>
    public bool Run(TimeSpan until, Func<bool> over)
    {
        var before = SynchronizationContext.Current;
        try
        {
            while (Violation is null && !over())
            {
                if (ready.Count > 0)
                {
                    RunOne();
                }
                else if (!alarms.TryPeek(out _, out var next) || next.Item1 > until.Ticks)
                {
                    now = Math.Max(now, until.Ticks);
                    return false;
                }
                else
                {
                    Ring(next.Item1);
                }
            }

            return Violation is null;
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    /// <summary>Whatever leaves the one thread there is would make two runs of a seed differ.</summary>
    private bool IsOnThread()
    {
        if (Environment.CurrentManagedThreadId == thread)
        {
            return true;
        }

        Fail("nothing leaves its thread", $"something went to the thread pool: {Environment.StackTrace}");
        return false;
    }

    private void RunOne()
    {
        var chosen = Dice.Next(ready.Count);
        var (process, callback, state) = ready[chosen];
        ready[chosen] = ready[^1];
        ready.RemoveAt(ready.Count - 1);
        if (++Steps > MostSteps)
        {
            Fail("it settles", $"{MostSteps} steps, and no end: something goes round in circles");
            return;
        }

        Fingerprint = ((((Fingerprint ^ (ulong)now) * 1099511628211) ^ (ulong)process.Number) * 1099511628211) ^ (ulong)chosen;
        process.Execute(callback, state);
    }

    private void Ring(long at)
    {
        now = at;
        SynchronizationContext.SetSynchronizationContext(null);
        while (alarms.TryPeek(out var alarm, out var due) && due.Item1 == at)
        {
            alarms.Dequeue();
            alarm.Ring();
        }
    }

    private readonly record struct Ready(SimulatedProcess Process, SendOrPostCallback Callback, object? State);
}

/// <summary>Something that will happen, unless it is called off.</summary>
internal sealed class Alarm(Action what)
{
    private Action? what = what;

    public void Cancel() => what = null;

    public void Ring() => what?.Invoke();
}

/// <summary>A law that was broken.</summary>
internal sealed record Violation(string Law, string What, TimeSpan At)
{
    public override string ToString() => $"{Law}: {What} (after {At.TotalSeconds:0.000} s)";
}
