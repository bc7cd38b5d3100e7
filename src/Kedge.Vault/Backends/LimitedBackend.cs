using Kedge.Vault.Format;

namespace Kedge.Vault.Backends;

/// <summary>
/// Keeps the average rate of what is stored and read below a limit, by waiting between objects: for a folder, behind which
/// may be a mounted network. Where we hold the connections ourselves, they are paced (<see cref="Http.PacedStream"/>).
/// </summary>
internal sealed class LimitedBackend(IBackend inner, ByteRate? upload, ByteRate? download) : IBackend, IRemains
{
    public BackendTraits Traits => inner.Traits;

    public Task PrepareAsync(CancellationToken cancellation) => inner.PrepareAsync(cancellation);

    public async Task SaveAsync(ObjectName name, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        if (upload is not null)
        {
            await upload.TakeAsync(content.Length, cancellation);
        }

        await inner.SaveAsync(name, content, cancellation);
    }

    public async Task ReadAsync(ObjectName name, long offset, Memory<byte> buffer, CancellationToken cancellation)
    {
        if (download is not null)
        {
            await download.TakeAsync(buffer.Length, cancellation);
        }

        await inner.ReadAsync(name, offset, buffer, cancellation);
    }

    public Task<long> LengthAsync(ObjectName name, CancellationToken cancellation) => inner.LengthAsync(name, cancellation);

    public IAsyncEnumerable<StoredObject> ListAsync(ObjectKind kind, CancellationToken cancellation) => inner.ListAsync(kind, cancellation);

    public Task RemoveAsync(ObjectName name, CancellationToken cancellation) => inner.RemoveAsync(name, cancellation);

    public Task<int> ClearRemainsAsync(TimeSpan olderThan, CancellationToken cancellation) =>
        inner is IRemains remains ? remains.ClearRemainsAsync(olderThan, cancellation) : Task.FromResult(0);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
