using Kedge.Vault.Format;
using Kedge.Vault.Locking;
using Kedge.Vault.Upkeep;

namespace Kedge.Vault.Prune;

/// <summary>Removes packs, as long as nobody can have taken this prune for dead.</summary>
internal sealed class PackRemoval(VaultRepository vault, VaultLock taken, UpkeepProgress progress, StoredPacks packs)
{
    private long bytes;
    private long count;

    internal StoredPacks Packs => packs;

    /// <summary>What is gone so far.</summary>
    internal PruneTally Removed => new(count, 0, bytes);

    /// <summary>
    /// Whoever slept for longer than its lock lives has decided by what was true before: others may have taken packs back
    /// into the index since, and rely on them.
    /// </summary>
    /// <exception cref="VaultException"><see cref="VaultFault.Locked"/>.</exception>
    internal void DemandSure()
    {
        if (taken.HasBeenInDoubt)
        {
            throw new VaultException(
                VaultFault.Locked, "this prune's lock went stale (the machine slept, or the storage was out of reach), so that nothing more is removed", "Prune again: it goes on from here.");
        }
    }

    internal async Task RunAsync(IReadOnlyCollection<(ObjectId Pack, long Length)> leaving, CancellationToken cancellation)
    {
        progress.Begin(UpkeepStage.Removing, leaving.Count);
        var options = new ParallelOptions { MaxDegreeOfParallelism = vault.Backend.Traits.Connections, CancellationToken = cancellation };
        await Parallel.ForEachAsync(leaving, options, async (pack, token) =>
        {
            DemandSure();
            try
            {
                await vault.Backend.RemoveAsync(new(ObjectKind.Pack, pack.Pack), token);
                Interlocked.Increment(ref count);
                Interlocked.Add(ref bytes, pack.Length);
            }
            catch (VaultException problem) when (problem.Fault == VaultFault.NotFound)
            {
                // A retry after a lost answer.
            }

            progress.Step();
        });
    }
}
