using Kedge.Vault.Format;

namespace Kedge.Vault.Indexing;

/// <summary>An index while several threads fill it.</summary>
internal sealed class IndexBuild
{
    private readonly Lock gate = new();
    private readonly BlobIndex index = new();
    private readonly List<MarkedPack> marked = [];

    /// <returns>How many of the packs were known already.</returns>
    internal int Add(List<(ObjectId Pack, int End)> packs, ReadOnlySpan<BlobEntry> blobs)
    {
        lock (gate)
        {
            var (start, repeated) = (0, 0);
            foreach (var (pack, end) in packs)
            {
                repeated += index.AddPack(pack, blobs[start..end]) ? 0 : 1;
                start = end;
            }

            return repeated;
        }
    }

    /// <exception cref="VaultException"><see cref="VaultFault.Damaged"/>.</exception>
    internal void Add(MarkedPack pack)
    {
        BlobOrder.Demand(pack.Id, pack.Blobs);
        lock (gate)
        {
            marked.Add(pack);
        }
    }

    internal BlobIndex Finish()
    {
        // Last, so that a blob is found where it stays, if it stands there too.
        foreach (var pack in marked.Where(p => !p.IsSighting))
        {
            index.AddPack(pack.Id, pack.Blobs, isListed: false);
            index.Mark(pack.Id, pack.Time);
        }

        foreach (var pack in marked.Where(p => p.IsSighting))
        {
            index.Sight(pack.Id, pack.Time);
        }

        index.Seal();
        return index;
    }
}

/// <summary>A pack that an index says is to be removed.</summary>
/// <param name="Blobs">Of a pack that was seen while no index listed it: none.</param>
internal sealed record MarkedPack(ObjectId Id, GoTime Time, BlobEntry[] Blobs)
{
    /// <summary>It may belong to a backup that has not got round to listing it, or be what an interrupted one left.</summary>
    internal bool IsSighting => Blobs.Length == 0;
}
