using Kedge.Vault.Backup;
using Kedge.Vault.Indexing;
using Kedge.Vault.Locking;
using Kedge.Vault.Packing;
using Kedge.Vault.Upkeep;

namespace Kedge.Vault.Prune;

/// <summary>Copies what is needed of some packs into new ones, sealed as it is, each blob verified.</summary>
internal sealed class Repacking(VaultRepository vault, BlobIndex index, PruneWanted wanted, VaultLock taken)
{
    /// <param name="kept">The copies that are needed, by position.</param>
    /// <returns>The packs of which everything that is needed stands elsewhere now, on stable storage and in an index file.</returns>
    internal async Task<List<int>> RunAsync(List<int> packs, BitColumn kept, CancellationToken cancellation)
    {
        if (packs.Count == 0)
        {
            return [];
        }

        var moved = new BitColumn(index.Positions);
        var (count, bytes) = (0L, 0L);
        foreach (var pack in packs)
        {
            var (position, end) = index.RangeOf(pack);
            for (; position < end; position++)
            {
                if (kept[position])
                {
                    moved.Set(position);
                    count++;
                    bytes += index.EntryAt(position).Length;
                }
            }
        }

        // To a session that knows of nothing, every blob is new.
        var nothing = new BlobIndex();
        nothing.Seal();
        using var session = new BlobSession(vault, nothing, BackupWanted.DefaultCompressionLevel, taken, cancellation);
        var move = new BlobMove(vault, index, session, asSealed: true, wanted.Progress);
        try
        {
            await move.RunAsync(moved, count, bytes, cancellation);
            session.Complete(cancellation);
        }
        catch (Exception) when (!session.HasFailed)
        {
            // Interrupted: what is stored is listed, so that the next prune sees which copies there are.
            session.KeepWhatIsStored(CancellationToken.None);
            throw;
        }

        foreach (var (pack, why) in move.BadPacks)
        {
            wanted.OnProblem?.Invoke($"pack {index.PackIdOf(pack).Short} stays, because not all of it can be read: {why.Message}");
        }

        return [.. packs.Where(p => !move.BadPacks.ContainsKey(p))];
    }
}
