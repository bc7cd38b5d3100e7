using System.Collections.Concurrent;
using Kedge.Vault.Format;
using Kedge.Vault.Indexing;
using Kedge.Vault.Packing;

namespace Kedge.Vault.Upkeep;

/// <summary>
/// Reads trees of a remote vault in larger pieces, and remembers the latest: a backup stores the trees of neighbouring folders
/// beside one another, so that one round trip brings many. Safe for many threads.
/// </summary>
internal sealed class TreeWindows(VaultRepository vault, BlobIndex index, CancellationToken cancellation)
{
    private const int Size = 1 << 20;

    /// <summary>So many pieces are remembered, whose memory is as much together as that of a few packs.</summary>
    private const int MaximumCount = 48;

    private readonly ConcurrentDictionary<(int Pack, uint Number), Lazy<byte[]>> windows = new();
    private readonly ConcurrentQueue<(int Pack, uint Number)> order = new();

    /// <summary>A tree's content, verified. Valid until the reader's next call.</summary>
    /// <returns>False where it does not stand in one piece, or cannot be read so; it may be read well by itself.</returns>
    internal bool TryRead(BlobReader reader, int position, out ReadOnlyMemory<byte> content)
    {
        content = default;
        var entry = index.EntryAt(position);
        var number = entry.Offset / Size;
        if ((entry.Offset + (long)entry.Length - 1) / Size != number)
        {
            return false;
        }

        try
        {
            var window = Get(index.PackNumberAt(position), number);
            var start = (int)(entry.Offset - (number * Size));
            content = reader.Open(new(index.PackIdOf(index.PackNumberAt(position)), entry), window.AsSpan(start, (int)entry.Length));
            return true;
        }
        catch (VaultException problem) when (problem.Fault is VaultFault.Damaged or VaultFault.NotFound)
        {
            return false;
        }
    }

    private byte[] Get(int pack, uint number)
    {
        var key = (pack, number);
        if (!windows.TryGetValue(key, out var window))
        {
            // Several who want the same piece wait for one who reads it.
            var fresh = new Lazy<byte[]>(() => Fetch(pack, number));
            window = windows.GetOrAdd(key, fresh);
            if (window == fresh)
            {
                order.Enqueue(key);
                while (order.Count > MaximumCount && order.TryDequeue(out var oldest))
                {
                    windows.TryRemove(oldest, out _);
                }
            }
        }

        return window.Value;
    }

    private byte[] Fetch(int pack, uint number)
    {
        var start = (long)number * Size;
        var bytes = GC.AllocateUninitializedArray<byte>((int)Math.Min(Size, index.BlobBytesOf(pack) - start));
        vault.Backend.ReadAsync(new(ObjectKind.Pack, index.PackIdOf(pack)), start, bytes, cancellation).GetAwaiter().GetResult();
        return bytes;
    }
}
