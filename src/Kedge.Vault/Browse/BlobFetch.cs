using System.Buffers;
using System.Collections.Concurrent;
using Kedge.Vault.Format;
using Kedge.Vault.Indexing;
using Kedge.Vault.Packing;

namespace Kedge.Vault.Browse;

/// <summary>Reads blobs without a thread that waits. What it gives out is what was asked for. Safe for many threads.</summary>
internal sealed class BlobFetch(VaultRepository vault, BlobIndex index) : IDisposable
{
    private readonly ConcurrentBag<BlobReader> idle = [];

    internal VaultRepository Vault { get; } = vault;

    internal BlobIndex Index { get; } = index;

    /// <summary>A blob from wherever it stands undamaged, in memory of its own.</summary>
    /// <exception cref="VaultException"><see cref="VaultFault.NotFound"/>, <see cref="VaultFault.Damaged"/>, or what the storage says.</exception>
    internal async Task<byte[]> LoadAsync(BlobName name, CancellationToken cancellation)
    {
        VaultException? first = null;
        foreach (var place in Index.FindAll(name))
        {
            try
            {
                return await ReadAsync(place, cancellation);
            }
            catch (VaultException problem) when (problem.Fault is VaultFault.Damaged or VaultFault.NotFound)
            {
                // Another copy may be good; the first one's problem is told when none is.
                first ??= problem;
            }
        }

        throw first ?? new VaultException(VaultFault.NotFound, $"the {name} is in no index", "Run 'kedge vault repair index', then 'kedge vault check'.");
    }

    internal Task<byte[]> LoadTreeAsync(ObjectId tree, CancellationToken cancellation) => LoadAsync(new(BlobKind.Tree, tree), cancellation);

    /// <summary>A reader for the time being; give it back.</summary>
    internal BlobReader Take() => idle.TryTake(out var reader) ? reader : Vault.OpenReader();

    internal void GiveBack(BlobReader reader) => idle.Add(reader);

    public void Dispose()
    {
        while (idle.TryTake(out var reader))
        {
            reader.Dispose();
        }
    }

    private async Task<byte[]> ReadAsync(BlobPlace place, CancellationToken cancellation)
    {
        var length = BlobReader.Checked(place.Entry);
        var raw = ArrayPool<byte>.Shared.Rent(length);
        var reader = Take();
        try
        {
            await Vault.Backend.ReadAsync(new(ObjectKind.Pack, place.Pack), place.Entry.Offset, raw.AsMemory(0, length), cancellation);
            return reader.Open(place, raw.AsSpan(0, length)).ToArray();
        }
        finally
        {
            GiveBack(reader);
            ArrayPool<byte>.Shared.Return(raw);
        }
    }
}
