using Kedge.Vault.Backends;
using Kedge.Vault.Format;

namespace Kedge.Vault.Tests.Prune;

/// <summary>A fake that stands for a kill: after so many changes nothing more is changed. Locks are let through.</summary>
internal sealed class StorageThatStops(IBackend inner, int changes) : IBackend
{
    private int left = changes;

    internal bool HasStopped => Volatile.Read(ref left) < 0;

    public BackendTraits Traits => inner.Traits;

    public Task PrepareAsync(CancellationToken cancellation) => inner.PrepareAsync(cancellation);

    public Task SaveAsync(ObjectName name, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        Spend(name);
        return inner.SaveAsync(name, content, cancellation);
    }

    public Task ReadAsync(ObjectName name, long offset, Memory<byte> buffer, CancellationToken cancellation) => inner.ReadAsync(name, offset, buffer, cancellation);

    public Task<long> LengthAsync(ObjectName name, CancellationToken cancellation) => inner.LengthAsync(name, cancellation);

    public IAsyncEnumerable<StoredObject> ListAsync(ObjectKind kind, CancellationToken cancellation) => inner.ListAsync(kind, cancellation);

    public Task RemoveAsync(ObjectName name, CancellationToken cancellation)
    {
        Spend(name);
        return inner.RemoveAsync(name, cancellation);
    }

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private void Spend(ObjectName name)
    {
        if (name.Kind != ObjectKind.Lock && Interlocked.Decrement(ref left) < 0)
        {
            throw new VaultException(VaultFault.Denied, "the storage has stopped");
        }
    }
}
