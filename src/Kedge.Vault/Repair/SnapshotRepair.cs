using Kedge.Vault.Backup;
using Kedge.Vault.Check;
using Kedge.Vault.Format;
using Kedge.Vault.Indexing;
using Kedge.Vault.Locking;
using Kedge.Vault.Packing;
using Kedge.Vault.Threads;
using Kedge.Vault.Upkeep;

namespace Kedge.Vault.Repair;

/// <summary>
/// Writes snapshots anew without what is lost of them, so that the rest can be restored: what is in no index, or only in
/// packs that are gone, and trees that cannot be read. What is damaged and still listed 'repair packs' has to settle before.
/// The old snapshots stay unless they are to be forgotten, and go only once the new ones are stored.
/// </summary>
public static class SnapshotRepair
{
    private const int StackSize = 64 << 20;

    /// <param name="taken">Any lock; may be null for a dry run, and where the storage allows none.</param>
    /// <exception cref="VaultException">The storage failed; <see cref="VaultFault.NotFound"/>: there is no such snapshot;
    /// <see cref="VaultFault.Damaged"/>: snapshots would be forgotten for what the index does not list and packs may have.</exception>
    public static async Task<SnapshotRepairOutcome> RunAsync(VaultRepository vault, SnapshotRepairWanted wanted, VaultLock? taken, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(vault);
        ArgumentNullException.ThrowIfNull(wanted);
        wanted.Progress.Begin(UpkeepStage.Loading);
        var set = wanted.Snapshots is null ? await SnapshotSet.LoadAsync(vault, cancellation) : await SnapshotSet.LoadAsync(vault, wanted.Snapshots, cancellation);
        if (wanted.Snapshots?.Except(set.Snapshots.Select(s => s.Id)).Except(set.Unreadable.Select(u => u.Id)).ToList() is [var missing, ..])
        {
            throw new VaultException(VaultFault.NotFound, $"there is no snapshot {missing.Short}");
        }

        var index = await vault.LoadIndexAsync(cancellation);
        var packs = await StoredPacks.ListAsync(vault, index, cancellation);
        // To a session that knows of nothing every tree is new: one that the index knows may be the one that is damaged.
        var nothing = new BlobIndex();
        nothing.Seal();
        using var session = new BlobSession(vault, nothing, BackupWanted.DefaultCompressionLevel, taken, cancellation);
        var mended = new List<(RepairedSnapshot Snapshot, ObjectId? Tree)>();
        wanted.Progress.Begin(UpkeepStage.WalkingTrees, set.Snapshots.Count);
        await Crew.RunAsync("mend", 1, () => Mend(vault, index, packs, session, wanted, set, mended, cancellation), () => { }, cancellation, StackSize);
        if (wanted is { Forget: true, DryRun: false } && mended.Count > 0 && IndexedPackCheck.HasPacksToList(vault, packs, cancellation))
        {
            throw VaultException.Damaged(
                "packs are stored that no index lists, and what seems to be lost may stand in them; no snapshot was changed", "Run 'kedge vault repair index' first.");
        }

        var repaired = wanted.DryRun ? [.. mended.Select(m => m.Snapshot)] : await WriteAsync(vault, session, wanted, taken, mended, cancellation);
        wanted.Progress.Begin(UpkeepStage.Done);
        return new() { Repaired = repaired, Whole = set.Snapshots.Count - mended.Count, Unreadable = [.. set.Unreadable.Select(u => u.Id)] };
    }

    private static void Mend(
        VaultRepository vault,
        BlobIndex index,
        StoredPacks packs,
        BlobSession session,
        SnapshotRepairWanted wanted,
        SnapshotSet set,
        List<(RepairedSnapshot Snapshot, ObjectId? Tree)> mended,
        CancellationToken cancellation)
    {
        using var reader = vault.OpenReader();
        using var writer = wanted.DryRun ? null : new BlobWriter(session);
        using var mending = new TreeMending(index, packs, reader, writer, wanted.KeepPartialFiles, cancellation);
        foreach (var (id, file) in set.Snapshots)
        {
            var (losses, isCut) = (new List<PathLoss>(), false);
            mending.OnLoss = (path, what) =>
            {
                if (losses.Count < wanted.MaximumLosses)
                {
                    losses.Add(new(path, what));
                }
                else
                {
                    isCut = true;
                }

                return !isCut;
            };
            var tree = mending.Mend(file.Tree, [], depth: 0);
            if (tree != file.Tree)
            {
                wanted.Progress.Problem();
                mended.Add((new(id, file, New: null, IsLost: tree is null, losses, isCut), tree));
            }

            wanted.Progress.Step();
        }
    }

    private static async Task<List<RepairedSnapshot>> WriteAsync(
        VaultRepository vault,
        BlobSession session,
        SnapshotRepairWanted wanted,
        VaultLock? taken,
        List<(RepairedSnapshot Snapshot, ObjectId? Tree)> mended,
        CancellationToken cancellation)
    {
        if (taken is not null)
        {
            await taken.ConfirmAsync(cancellation);
        }

        // Trees, then the snapshots that refer to them, then what they replace.
        session.Complete(cancellation);
        var repaired = new List<RepairedSnapshot>();
        wanted.Progress.Begin(UpkeepStage.WritingSnapshots, mended.Count);
        foreach (var (snapshot, tree) in mended)
        {
            ObjectId? written = tree is { } some ? await vault.SaveAsync(ObjectKind.Snapshot, Renewed(snapshot, some).Write(), cancellation) : null;
            repaired.Add(snapshot with { New = written });
            wanted.Progress.Step();
        }

        foreach (var snapshot in wanted.Forget ? repaired : [])
        {
            await vault.Backend.RemoveAsync(new(ObjectKind.Snapshot, snapshot.Id), cancellation);
        }

        return repaired;
    }

    /// <summary>As restic has it. What the summary counted is not what is there any more.</summary>
    private static SnapshotFile Renewed(RepairedSnapshot snapshot, ObjectId tree) => snapshot.Snapshot with
    {
        Tree = tree,
        Original = snapshot.Id,
        Tags = snapshot.Snapshot.Tags.Contains(SnapshotRepairWanted.Tag) ? snapshot.Snapshot.Tags : [.. snapshot.Snapshot.Tags, SnapshotRepairWanted.Tag],
        Summary = null,
    };
}
