using Kedge.Vault.Check;
using Kedge.Vault.Format;
using Kedge.Vault.Indexing;
using Kedge.Vault.Locking;
using Kedge.Vault.Packing;
using Kedge.Vault.Upkeep;

namespace Kedge.Vault.Repair;

/// <summary>
/// Puts what is good of damaged packs into new ones, and takes what is not from another vault. New packs and their index
/// come first, then the damaged packs go out of the index, and only then are they removed.
/// </summary>
public static class PackRepair
{
    /// <param name="taken">An exclusive lock.</param>
    /// <exception cref="VaultException">A storage failed; what was saved until then stays saved.</exception>
    public static async Task<PackRepairOutcome> RunAsync(VaultRepository vault, PackRepairWanted wanted, VaultLock taken, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(vault);
        ArgumentNullException.ThrowIfNull(wanted);
        ExclusiveWork.Demand(taken, "repairing packs");
        var damaged = (wanted.Packs ?? await FindAsync(vault, wanted, cancellation)).ToHashSet();
        wanted.Progress.Begin(UpkeepStage.Loading);
        var index = await vault.LoadIndexAsync(cancellation);
        var foreign = wanted.From is null ? null : await wanted.From.LoadIndexAsync(cancellation);
        // To a session that knows of nothing, every blob is new: what the index knows may be what is damaged.
        var nothing = new BlobIndex();
        nothing.Seal();
        using var session = new BlobSession(vault, nothing, wanted.CompressionLevel, taken, cancellation);
        using var salvage = new Salvage(vault, index, damaged, session, wanted.From, foreign, cancellation);
        try
        {
            wanted.Progress.Begin(UpkeepStage.CopyingBlobs, damaged.Count);
            foreach (var pack in damaged)
            {
                await salvage.SaveAsync(pack);
                wanted.Progress.Step();
            }

            if (wanted.From is not null)
            {
                await new MissingBlobs(vault, index, salvage, wanted.Progress).FetchAsync(cancellation);
            }

            session.Complete(cancellation);
        }
        catch (Exception) when (!session.HasFailed)
        {
            session.KeepWhatIsStored(CancellationToken.None);
            throw;
        }

        ExclusiveWork.DemandSure(taken);
        await GiveUpAsync(vault, wanted, damaged, cancellation);
        foreach (var lost in salvage.Lost)
        {
            wanted.Progress.Problem();
            wanted.OnProblem?.Invoke($"{lost} is lost");
        }

        wanted.Progress.Begin(UpkeepStage.Done);
        return new() { Packs = [.. damaged.Order()], Saved = salvage.Saved, HadCopies = salvage.HadCopies, Taken = salvage.Taken, Lost = [.. salvage.Lost] };
    }

    private static async Task<IReadOnlyCollection<ObjectId>> FindAsync(VaultRepository vault, PackRepairWanted wanted, CancellationToken cancellation) =>
        (await VaultCheck.RunAsync(vault, new() { ReadData = DataShare.All, Progress = wanted.Progress }, cancellation)).DamagedPacks;

    private static async Task GiveUpAsync(VaultRepository vault, PackRepairWanted wanted, HashSet<ObjectId> damaged, CancellationToken cancellation)
    {
        if (damaged.Count == 0)
        {
            return;
        }

        wanted.Progress.Begin(UpkeepStage.WritingIndex);
        await IndexRewriting.RunAsync(vault, new() { Dropped = damaged }, cancellation);
        wanted.Progress.Begin(UpkeepStage.Removing, damaged.Count);
        foreach (var pack in wanted.KeepDamaged ? [] : damaged)
        {
            try
            {
                await vault.Backend.RemoveAsync(new(ObjectKind.Pack, pack), cancellation);
            }
            catch (VaultException problem) when (problem.Fault == VaultFault.NotFound)
            {
                // It was missing; that was the damage.
            }

            wanted.Progress.Step();
        }
    }
}
