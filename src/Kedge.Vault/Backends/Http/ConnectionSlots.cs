namespace Kedge.Vault.Backends.Http;

/// <summary>
/// Lets so many operations talk to a server at the same time. The others wait here, where nothing is taken for a server that
/// has gone silent.
/// </summary>
internal sealed class ConnectionSlots(int count) : IDisposable
{
    private readonly SemaphoreSlim free = new(count);

    /// <summary>Returns when there is room; dispose the result to make room again.</summary>
    internal async ValueTask<Slot> TakeAsync(CancellationToken cancellation)
    {
        await free.WaitAsync(cancellation);
        return new(free);
    }

    public void Dispose() => free.Dispose();

    internal readonly struct Slot(SemaphoreSlim free) : IDisposable
    {
        public void Dispose() => free.Release();
    }
}
