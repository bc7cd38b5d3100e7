namespace Kedge.Vault.Backends.Http;

/// <summary>
/// Gives up what does not move. A limit on the whole would have to know how long an object may take on a slow line, so the
/// limit is on the time between two signs of life.
/// </summary>
internal sealed class StallWatch : IDisposable
{
    private readonly TimeSpan limit;
    private readonly CancellationTokenSource source;
    private readonly CancellationTokenRegistration registration;

    internal StallWatch(TimeSpan limit, TimeProvider time, CancellationToken caller)
    {
        this.limit = limit;
        source = new(limit, time);
        registration = caller.UnsafeRegister(s => ((CancellationTokenSource)s!).Cancel(), source);
    }

    /// <summary>Cancelled when nothing has moved for too long, or the caller has cancelled.</summary>
    internal CancellationToken Token => source.Token;

    /// <summary>Something has moved.</summary>
    internal void Moved() => source.CancelAfter(limit);

    /// <summary>From here to the next <see cref="Moved"/> it is others who take their time.</summary>
    internal void Pause() => source.CancelAfter(Timeout.InfiniteTimeSpan);

    public void Dispose()
    {
        registration.Dispose();
        source.Dispose();
    }
}
