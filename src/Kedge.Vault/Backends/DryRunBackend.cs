using Kedge.Vault.Format;

namespace Kedge.Vault.Backends;

/// <summary>Shows what is there, and counts what would change without changing it.</summary>
public sealed class DryRunBackend(IBackend inner) : IBackend
{
    private long saved;
    private long savedBytes;
    private long removed;

    public BackendTraits Traits => inner.Traits;

    /// <summary>Objects that would have been stored.</summary>
    public long Saved => Interlocked.Read(ref saved);

    /// <summary>Their bytes.</summary>
    public long SavedBytes => Interlocked.Read(ref savedBytes);

    /// <summary>Objects that would have been removed.</summary>
    public long Removed => Interlocked.Read(ref removed);

    public Task PrepareAsync(CancellationToken cancellation) => Task.CompletedTask;

    public Task SaveAsync(ObjectName name, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        Interlocked.Increment(ref saved);
        Interlocked.Add(ref savedBytes, content.Length);
        return Task.CompletedTask;
    }

    public Task ReadAsync(ObjectName name, long offset, Memory<byte> buffer, CancellationToken cancellation) =>
        inner.ReadAsync(name, offset, buffer, cancellation);

    public Task<long> LengthAsync(ObjectName name, CancellationToken cancellation) => inner.LengthAsync(name, cancellation);

    public IAsyncEnumerable<StoredObject> ListAsync(ObjectKind kind, CancellationToken cancellation) => inner.ListAsync(kind, cancellation);

    public Task RemoveAsync(ObjectName name, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        Interlocked.Increment(ref removed);
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
