using Kedge.Journal.Events;

namespace Kedge.Simulation.Kernel;

/// <summary>
/// A process: what runs in it can be stopped (SIGSTOP: callbacks, timers and answers queue up), let go on, and killed
/// (nothing of it ever runs again, not even its finally blocks).
/// </summary>
internal sealed class SimulatedProcess
{
    private readonly Scheduler scheduler;
    private readonly List<(SendOrPostCallback Callback, object? State)> held = [];

    public SimulatedProcess(Scheduler scheduler, string name, string machine, int number)
    {
        this.scheduler = scheduler;
        Number = number;
        Machine = machine;
        Identity = new(name, machine, number, number * 100);
        Context = new(scheduler, this);
        Clock = new VirtualTime(scheduler, this);
    }

    public int Number { get; }

    public string Machine { get; }

    public NodeIdentity Identity { get; }

    public SimulatedContext Context { get; }

    public TimeProvider Clock { get; }

    public ProcessState State { get; private set; } = ProcessState.Running;

    public bool IsDead => State is ProcessState.Dead;

    public bool IsPaused => State is ProcessState.Paused;

    /// <summary>What the kernel does when the process ends: locks are let go.</summary>
    public event Action? Died;

    /// <summary>Runs <paramref name="main"/> in the process; the process ends with it.</summary>
    /// <param name="ended">Told of the exception that it ended with; null for an orderly end.</param>
    public void Start(Func<Task> main, Action<Exception?> ended)
    {
        async void RunMain(object? _)
        {
            try
            {
                await main();
                ended(null);
            }
            catch (Exception failure)
            {
                ended(failure);
            }
        }

        scheduler.Post(this, RunMain, null);
    }

    public void Execute(SendOrPostCallback callback, object? state)
    {
        switch (State)
        {
            case ProcessState.Running:
                SynchronizationContext.SetSynchronizationContext(Context);
                callback(state);
                break;
            case ProcessState.Paused:
                held.Add((callback, state));
                break;
            default:
                break;
        }
    }

    public void Pause()
    {
        if (State is ProcessState.Running)
        {
            State = ProcessState.Paused;
            Note("paused");
        }
    }

    public void Resume()
    {
        if (State is not ProcessState.Paused)
        {
            return;
        }

        State = ProcessState.Running;
        Note("goes on");
        foreach (var (callback, state) in held)
        {
            scheduler.Post(this, callback, state);
        }

        held.Clear();
    }

    public void Kill()
    {
        if (State is ProcessState.Dead)
        {
            return;
        }

        State = ProcessState.Dead;
        held.Clear();
        Note("killed");
        Died?.Invoke();
    }

    public override string ToString() => $"{Identity.Name}#{Number}";

    private void Note(string what)
    {
        if (scheduler.Trace.On)
        {
            scheduler.Trace.Add(scheduler.Elapsed, $"{this} {what}");
        }
    }
}

internal enum ProcessState
{
    Running,
    Paused,
    Dead,
}
