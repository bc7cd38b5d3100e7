namespace Kedge.Recover.Run;

/// <summary>Makes a step's calls to its driver where such work is done, and adds up how long they take.</summary>
internal sealed class DriverCalls(EngineWorld world)
{
    private readonly Lock gate = new();
    private int underWay;
    private long began;
    private TimeSpan ended;

    /// <summary>Time in which at least one call was under way.</summary>
    public TimeSpan Spent
    {
        get
        {
            lock (gate)
            {
                return ended + (underWay > 0 ? world.Time.GetElapsedTime(began) : TimeSpan.Zero);
            }
        }
    }

    public Task<T> MakeAsync<T>(Func<Task<T>> call) => world.Workplace.RunAsync(async () =>
    {
        Begin();
        try
        {
            return await call();
        }
        finally
        {
            End();
        }
    });

    private void Begin()
    {
        lock (gate)
        {
            if (underWay++ == 0)
            {
                began = world.Time.GetTimestamp();
            }
        }
    }

    private void End()
    {
        lock (gate)
        {
            if (--underWay == 0)
            {
                ended += world.Time.GetElapsedTime(began);
            }
        }
    }
}
