using Kedge.Vault.Locking;
using Kedge.Vault.Upkeep;

namespace Kedge.Vault.Prune;

/// <summary>
/// Gives back the space of what no snapshot needs, while others back up, copy and restore. What is not needed is marked in
/// one run and taken from the index, and removed by a run after the grace period, once every snapshot has been read again.
/// May be interrupted anywhere: the next run goes on. Needs the right to remove objects, which nobody else needs.
/// </summary>
/// <remarks>The README in this folder says why it is done in this way.</remarks>
public static class VaultPrune
{
    private const string Purpose = "prune";

    /// <summary>Takes the lock that a prune needs: a shared one, of which there is only one at a time; an exclusive one for an instant prune.</summary>
    /// <param name="patience">How long to wait for others; zero to refuse at once.</param>
    /// <exception cref="VaultException"><see cref="VaultFault.Locked"/>, with who holds it and since when.</exception>
    public static Task<VaultLock> LockAsync(VaultRepository vault, LockHolder holder, bool instant, TimeSpan patience, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(holder);
        return VaultLock.AcquireAsync(vault, holder with { Purpose = Purpose }, instant, patience, cancellation);
    }

    /// <param name="taken">From <see cref="LockAsync"/>; may be null for a dry run.</param>
    /// <exception cref="VaultException"><see cref="VaultFault.Damaged"/> where it cannot be said what is needed, and nothing was
    /// removed; <see cref="VaultFault.Misuse"/>: another lock than it takes; or what the storage says.</exception>
    public static async Task<PruneOutcome> RunAsync(VaultRepository vault, PruneWanted wanted, VaultLock? taken, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(vault);
        ArgumentNullException.ThrowIfNull(wanted);
        Demand(wanted, taken);
        wanted.Progress.Begin(UpkeepStage.Loading);
        // Snapshots before the index: whatever they refer to is in it by then.
        var snapshots = await SnapshotSet.LoadAsync(vault, cancellation);
        if (snapshots.Unreadable.Count > 0)
        {
            throw UsedBlobs.Refusal($"snapshot {snapshots.Unreadable[0].Id.Short} cannot be read", snapshots.Unreadable[0].Why);
        }

        var index = await vault.LoadIndexAsync(cancellation);
        var packs = await StoredPacks.ListAsync(vault, index, cancellation);
        var used = await UsedBlobs.FindAsync(vault, index, snapshots.Snapshots.Where(s => !wanted.Forgotten.Contains(s.Id)).Select(s => s.File.Tree), wanted.Progress, cancellation);
        var survey = PruneSurvey.Of(index, packs, used);
        var verdicts = PackVerdicts.Of(index, packs, survey, wanted, vault.Time.GetUtcNow());
        if (wanted.DryRun || taken is null)
        {
            wanted.Progress.Begin(UpkeepStage.Done);
            return new() { Plan = verdicts.Plan };
        }

        var late = new LateSnapshots(vault, wanted.Progress);
        late.Know(snapshots.Snapshots.Select(s => s.Id));
        var copies = new SurvivingCopies(vault, index, survey, used, wanted);
        verdicts.Spare(await copies.FindIrreplaceableAsync(verdicts.GivenUp(), cancellation));
        var repack = new Repacking(vault, index, wanted, taken);
        var emptied = await repack.RunAsync(verdicts.Repack, survey.Kept, cancellation);
        var removal = new PackRemoval(vault, taken, wanted.Progress, packs);
        var outcome = wanted.Instant
            ? await new InstantRemoval(vault, index, verdicts, removal).RunAsync(emptied, cancellation)
            : await new MarkAndSweep(vault, index, verdicts, removal, late, taken).RunAsync(emptied, cancellation);
        wanted.Progress.Begin(UpkeepStage.Done);
        return outcome with { DamagedPacks = verdicts.Repack.Count - emptied.Count + copies.BadPacks.Count };
    }

    private static void Demand(PruneWanted wanted, VaultLock? taken)
    {
        if (wanted.Grace < TimeSpan.Zero || wanted.MaxRepackBytes < 0)
        {
            throw new VaultException(VaultFault.Misuse, "a prune's grace period and limit cannot be negative");
        }

        if (!wanted.DryRun && wanted.Forgotten.Count > 0)
        {
            throw new VaultException(VaultFault.Misuse, "only a dry run may take snapshots for removed that are still there");
        }

        var fits = wanted.Instant ? taken?.IsExclusive == true : taken?.Holder.Purpose == Purpose;
        if (!wanted.DryRun && !fits)
        {
            throw new VaultException(VaultFault.Misuse, wanted.Instant ? "an instant prune needs an exclusive lock" : "a prune needs the lock that only one prune has");
        }
    }
}
