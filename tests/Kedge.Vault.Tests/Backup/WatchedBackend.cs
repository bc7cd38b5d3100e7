using Kedge.Vault.Backends;
using Kedge.Vault.Format;

namespace Kedge.Vault.Tests.Backup;

/// <summary>
/// Real storage, with a test that does something at just the moment when an object is stored, read or removed, or has objects
/// listed in an order of its own.
/// </summary>
internal sealed class WatchedBackend(IBackend real) : IBackend
{
    internal Action<ObjectName>? BeforeSaving { get; set; }

    internal Action<ObjectName>? AfterSaving { get; set; }

    internal Action<ObjectName>? BeforeReading { get; set; }

    /// <summary>What gives the least number is listed first.</summary>
    internal Func<StoredObject, int>? ListedBy { get; set; }

    internal Action<ObjectName>? BeforeRemoving { get; set; }

    public BackendTraits Traits => real.Traits;

    public Task PrepareAsync(CancellationToken cancellation) => real.PrepareAsync(cancellation);

    public async Task SaveAsync(ObjectName name, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        BeforeSaving?.Invoke(name);
        await real.SaveAsync(name, content, cancellation);
        AfterSaving?.Invoke(name);
    }

    public Task ReadAsync(ObjectName name, long offset, Memory<byte> buffer, CancellationToken cancellation)
    {
        BeforeReading?.Invoke(name);
        return real.ReadAsync(name, offset, buffer, cancellation);
    }

    public Task<long> LengthAsync(ObjectName name, CancellationToken cancellation) => real.LengthAsync(name, cancellation);

    public IAsyncEnumerable<StoredObject> ListAsync(ObjectKind kind, CancellationToken cancellation) =>
        ListedBy is { } number ? real.ListAsync(kind, cancellation).OrderBy(number) : real.ListAsync(kind, cancellation);

    public Task RemoveAsync(ObjectName name, CancellationToken cancellation)
    {
        BeforeRemoving?.Invoke(name);
        return real.RemoveAsync(name, cancellation);
    }

    public ValueTask DisposeAsync() => real.DisposeAsync();
}
