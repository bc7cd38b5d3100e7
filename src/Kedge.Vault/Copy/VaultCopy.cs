using Kedge.Vault.Check;
using Kedge.Vault.Format;
using Kedge.Vault.Locking;
using Kedge.Vault.Packing;
using Kedge.Vault.Upkeep;

namespace Kedge.Vault.Copy;

/// <summary>
/// Copies snapshots from one vault to another: only what the target lacks, each blob verified on the way. Where both have
/// the same key sealed blobs go as they are. Needs the right to create objects in the target only; an interrupted copy goes
/// on from what it had stored.
/// </summary>
public static class VaultCopy
{
    /// <param name="taken">A shared lock of the target, which need not be confirmed yet; null where its storage allows none.</param>
    /// <exception cref="VaultException">A storage failed; <see cref="VaultFault.NotFound"/>: the source has no such snapshot.</exception>
    public static async Task<CopyOutcome> RunAsync(
        VaultRepository source, VaultRepository target, CopyWanted wanted, VaultLock? taken, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(wanted);
        wanted.Progress.Begin(UpkeepStage.Loading);
        var chosen = await ChooseAsync(source, wanted, cancellation);
        var earlier = new EarlierCopies(await SnapshotSet.LoadAsync(target, cancellation));
        var skipped = chosen.Snapshots.Where(s => earlier.Find(s.Id, s.File) is not null).Select(s => new CopiedSnapshot(s.Id, s.File, earlier.Find(s.Id, s.File))).ToList();
        var pending = chosen.Snapshots.Where(s => earlier.Find(s.Id, s.File) is null).ToList();
        // The snapshots were listed before: whatever they refer to is in the source's index by now.
        var index = await source.LoadIndexAsync(cancellation);
        var known = await target.LoadIndexAsync(cancellation);
        using var session = new BlobSession(target, known, wanted.CompressionLevel, taken, cancellation);
        var survey = new CopySurvey(index, session);
        var move = new BlobMove(source, index, session, source.Key.SameAs(target.Key), wanted.Progress);
        await SurveyAsync(source, survey, move, pending, cancellation);
        var damaged = new List<SnapshotHits>();
        if (!wanted.DryRun)
        {
            await StoreAsync(move, survey, taken, cancellation);
            damaged = await TraceAsync(move, survey, wanted, pending, cancellation);
            if (taken is null or { HasBeenInDoubt: true })
            {
                await Reassurance.DemandAsync(target, known, session, cancellation);
            }
        }

        var whole = pending.Where(s => damaged.All(d => d.Id != s.Id)).ToList();
        var copied = await WriteAsync(target, whole, wanted, cancellation);
        foreach (var (id, why) in chosen.Unreadable)
        {
            wanted.OnProblem?.Invoke($"snapshot {id.Short} of the source cannot be read: {why.Message}");
        }

        wanted.Progress.Begin(UpkeepStage.Done);
        return new()
        {
            Copied = copied,
            Skipped = skipped,
            Damaged = damaged,
            Unreadable = [.. chosen.Unreadable.Select(u => u.Id)],
            SameKey = move.AsSealed,
            NewBlobs = survey.Count,
            NewBytes = survey.Bytes,
            StoredBytes = session.StoredBytes,
        };
    }

    private static async Task<SnapshotSet> ChooseAsync(VaultRepository source, CopyWanted wanted, CancellationToken cancellation)
    {
        if (wanted.Snapshots is not { } ids)
        {
            return await SnapshotSet.LoadAsync(source, cancellation);
        }

        var set = await SnapshotSet.LoadAsync(source, ids, cancellation);
        var missing = ids.Except(set.Snapshots.Select(s => s.Id)).Except(set.Unreadable.Select(u => u.Id)).ToList();
        return missing.Count == 0 ? set : throw new VaultException(VaultFault.NotFound, $"the source has no snapshot {missing[0].Short}");
    }

    private static async Task SurveyAsync(
        VaultRepository source, CopySurvey survey, BlobMove move, List<(ObjectId Id, SnapshotFile File)> pending, CancellationToken cancellation)
    {
        move.Progress.Begin(UpkeepStage.WalkingTrees);
        await new TreeWalk(source, move.Index, move.Progress).RunAsync(pending.Select(s => s.File.Tree), survey.OpenVisitor, cancellation);
    }

    private static async Task StoreAsync(BlobMove move, CopySurvey survey, VaultLock? taken, CancellationToken cancellation)
    {
        try
        {
            await move.RunAsync(survey.Missing, survey.Count, survey.Bytes, cancellation);
            if (taken is not null)
            {
                await taken.ConfirmAsync(cancellation);
            }

            // Only once all blobs are stored and listed may a snapshot refer to them.
            move.Target.Complete(cancellation);
        }
        catch (Exception) when (!move.Target.HasFailed)
        {
            // What is stored is listed, so that the next attempt goes on from there.
            move.Target.KeepWhatIsStored(CancellationToken.None);
            throw;
        }
    }

    /// <returns>The snapshots of which something is lost in the source.</returns>
    private static async Task<List<SnapshotHits>> TraceAsync(
        BlobMove move, CopySurvey survey, CopyWanted wanted, List<(ObjectId Id, SnapshotFile File)> pending, CancellationToken cancellation)
    {
        foreach (var (blob, why) in survey.Lost.Concat(move.Lost))
        {
            wanted.OnProblem?.Invoke($"{blob} is lost in the source: {why.Message}");
        }

        return survey.Lost.IsEmpty && move.Lost.IsEmpty
            ? []
            : await new HitTrace(move.Source, move.Index, b => survey.Lost.ContainsKey(b) || move.Lost.ContainsKey(b), limit: 100, wanted.Progress).RunAsync(pending, cancellation);
    }

    private static async Task<List<CopiedSnapshot>> WriteAsync(
        VaultRepository target, List<(ObjectId Id, SnapshotFile File)> whole, CopyWanted wanted, CancellationToken cancellation)
    {
        var copied = new List<CopiedSnapshot>();
        wanted.Progress.Begin(UpkeepStage.WritingSnapshots, whole.Count);
        foreach (var (id, file) in whole)
        {
            // A parent of the source means nothing in the target.
            var copy = file with { Parent = null, Original = file.Original ?? id };
            copied.Add(new(id, copy, wanted.DryRun ? null : await target.SaveAsync(ObjectKind.Snapshot, copy.Write(), cancellation)));
            wanted.Progress.Step();
        }

        return copied;
    }
}
