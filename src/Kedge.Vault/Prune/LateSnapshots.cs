using Kedge.Vault.Format;
using Kedge.Vault.Indexing;
using Kedge.Vault.Upkeep;

namespace Kedge.Vault.Prune;

/// <summary>Looks at snapshots that were written while a prune was at work, before anything is taken away from them.</summary>
internal sealed class LateSnapshots(VaultRepository vault, UpkeepProgress progress)
{
    private readonly HashSet<ObjectId> known = [];

    /// <summary>Snapshots that need no second look.</summary>
    internal void Know(IEnumerable<ObjectId> snapshots) => known.UnionWith(snapshots);

    /// <summary>Which packs of those that are to go the snapshots need that were written since.</summary>
    /// <param name="leaving">Packs on which nobody can rely: what is needed of them must stand elsewhere too.</param>
    /// <returns>Also packs that were marked before, where they alone have something.</returns>
    internal async Task<HashSet<ObjectId>> FindNeededAsync(IReadOnlySet<ObjectId> leaving, CancellationToken cancellation)
    {
        var ids = (await vault.ListAsync(ObjectKind.Snapshot, cancellation)).Select(s => s.Name.Id).Where(known.Add).ToList();
        var needed = new HashSet<ObjectId>();
        if (ids.Count == 0)
        {
            return needed;
        }

        var set = await SnapshotSet.LoadAsync(vault, ids, cancellation);
        if (set.Unreadable.Count > 0)
        {
            throw UsedBlobs.Refusal($"snapshot {set.Unreadable[0].Id.Short} cannot be read", set.Unreadable[0].Why);
        }

        // Anew: what these snapshots brought with them was not in the index before.
        var index = await vault.LoadIndexAsync(cancellation);
        var used = await UsedBlobs.FindAsync(vault, index, set.Snapshots.Select(s => s.File.Tree), progress, cancellation);
        for (var position = 0; position < index.Positions; position++)
        {
            if (used[position] && !StaysSomewhere(index, index.EntryAt(position).Name, leaving))
            {
                needed.Add(index.PlaceAt(position).Pack);
            }
        }

        return needed;
    }

    private static bool StaysSomewhere(BlobIndex index, in BlobName blob, IReadOnlySet<ObjectId> leaving)
    {
        var probe = -1;
        for (var position = index.FindNext(blob, ref probe); position >= 0; position = index.FindNext(blob, ref probe))
        {
            var pack = index.PackNumberAt(position);
            if (!index.MarkedPacks.ContainsKey(pack) && !leaving.Contains(index.PackIdOf(pack)))
            {
                return true;
            }
        }

        return false;
    }
}
