using System.Runtime.InteropServices;
using Kedge.Vault.Format;

namespace Kedge.Vault.Indexing;

/// <summary>Takes what one index file says, and hands it on in batches, so that readers do not wait for one another at each pack.</summary>
internal sealed class IndexedPacks(IndexBuild target) : IIndexSink
{
    private const int BatchSize = 4096;

    private readonly List<(ObjectId Pack, int End)> packs = [];
    private readonly List<BlobEntry> blobs = [];
    private (ObjectId Pack, GoTime Time)? marked;
    private int markedStart;

    internal int Count { get; private set; }

    /// <summary>Packs that others had listed before.</summary>
    internal int Repeated { get; private set; }

    internal int Marks { get; private set; }

    public void BeginPack(ObjectId pack) => packs.Add((pack, 0));

    public void BeginMarkedPack(ObjectId pack, GoTime time)
    {
        marked = (pack, time);
        markedStart = blobs.Count;
    }

    public void Blob(in BlobEntry entry) => blobs.Add(entry);

    public void EndPack()
    {
        if (marked is { } mark)
        {
            target.Add(new(mark.Pack, mark.Time, [.. CollectionsMarshal.AsSpan(blobs)[markedStart..]]));
            CollectionsMarshal.SetCount(blobs, markedStart);
            marked = null;
            Marks++;
            return;
        }

        packs[^1] = (packs[^1].Pack, blobs.Count);
        Count++;
        if (blobs.Count >= BatchSize)
        {
            Flush();
        }
    }

    public void Superseded(ObjectId index)
    {
        // restic no longer writes it, and says of none that it has gone.
    }

    internal void Flush()
    {
        Repeated += target.Add(packs, CollectionsMarshal.AsSpan(blobs));
        packs.Clear();
        blobs.Clear();
    }
}
