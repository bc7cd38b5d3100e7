using Kedge.Vault.Format;

namespace Kedge.Vault.Indexing;

/// <summary>Writes index files one after another, none much longer than restic's. One object belongs to one thread.</summary>
internal sealed class IndexFiling(VaultRepository vault, CancellationToken cancellation) : IDisposable
{
    private const int MaximumBlobs = 50_000;

    /// <summary>Marks have no blobs where packs were merely sighted.</summary>
    private const int MaximumPacks = 20_000;

    /// <summary>Takes what goes into the next file.</summary>
    internal IndexWriter Writer { get; } = new();

    /// <summary>The files that were written.</summary>
    internal List<ObjectId> Written { get; } = [];

    /// <summary>Writes a file where there is enough for one.</summary>
    internal async Task FlushAsync()
    {
        if (Writer.BlobCount >= MaximumBlobs || Writer.PackCount >= MaximumPacks)
        {
            await FinishAsync();
        }
    }

    /// <summary>Writes what is left.</summary>
    internal async Task FinishAsync()
    {
        if (Writer.PackCount > 0)
        {
            Written.Add(await vault.SaveAsync(ObjectKind.Index, Writer.Finish(), cancellation));
        }
    }

    /// <summary>Adds a pack of an index.</summary>
    internal void Add(BlobIndex index, int pack)
    {
        Writer.BeginPack(index.PackIdOf(pack));
        AddBlobs(index, pack);
        Writer.EndPack();
    }

    /// <summary>Adds a pack of an index as one that is to be removed.</summary>
    internal void AddMarked(BlobIndex index, int pack, GoTime time)
    {
        Writer.BeginMarkedPack(index.PackIdOf(pack), time);
        AddBlobs(index, pack);
        Writer.EndPack();
    }

    /// <summary>Adds a pack that was seen in the storage, and that no index lists.</summary>
    internal void AddSighting(ObjectId pack, GoTime time)
    {
        Writer.BeginMarkedPack(pack, time);
        Writer.EndPack();
    }

    public void Dispose() => Writer.Dispose();

    private void AddBlobs(BlobIndex index, int pack)
    {
        var (position, end) = index.RangeOf(pack);
        for (; position < end; position++)
        {
            if (index.IsBlob(position))
            {
                Writer.Blob(index.EntryAt(position));
            }
        }
    }
}
