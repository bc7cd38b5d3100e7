using Kedge.Vault.Backends;
using Kedge.Vault.Format;
using Kedge.Vault.Locking;
using Kedge.Vault.Packing;

namespace Kedge.Vault.Backup;

/// <summary>
/// Backs files up: walks, cuts, hashes, compresses, seals and stores on many threads, and at last writes the snapshot that
/// makes it visible. Needs the right to create objects only: nothing is removed or overwritten but its own lock.
/// </summary>
public static class VaultBackup
{
    /// <param name="taken">A shared lock, which need not be confirmed yet; null where the storage allows none.</param>
    /// <exception cref="VaultException">The storage failed, or nothing of what was asked for exists. What was stored until
    /// then is found again by the next backup.</exception>
    public static async Task<BackupOutcome> RunAsync(
        VaultRepository vault, BackupWanted wanted, VaultLock? taken, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(vault);
        ArgumentNullException.ThrowIfNull(wanted);
        var began = vault.Time.GetUtcNow();
        var targets = BackupTargets.Find(wanted);
        var index = await vault.LoadIndexAsync(cancellation);
        using var session = new BlobSession(vault, index, wanted.CompressionLevel, taken, cancellation);
        using var crew = new BackupCrew(vault, index, session, wanted, cancellation);
        ObjectId? root = null;
        try
        {
            await Task.Factory.StartNew(
                () => root = Walk(crew, targets.Chosen), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            if (taken is not null)
            {
                await taken.ConfirmAsync(cancellation);
            }

            session.Complete(cancellation);
        }
        catch (Exception problem) when (problem is not VaultException { Fault: VaultFault.Unavailable } || !session.HasFailed)
        {
            // Interrupted, refused, or no space is left: the next attempt goes on from what is stored.
            Keep(session);
            throw;
        }

        if (wanted is { SkipIfUnchanged: true, Parent: { } parent } && parent.File.Tree == root)
        {
            return new(null, parent.File, wanted.Progress.Problems, session.IndexFiles.Count);
        }

        // In a dry run nothing is there that could be relied on.
        if (taken is null or { HasBeenInDoubt: true } && vault.Backend is not DryRunBackend)
        {
            await Reassurance.DemandAsync(vault, index, session, cancellation);
        }

        var snapshot = SnapshotOf(crew, targets, root!.Value, began);
        var id = await vault.SaveAsync(ObjectKind.Snapshot, snapshot.Write(), cancellation);
        return new(id, snapshot, wanted.Progress.Problems, session.IndexFiles.Count);
    }

    private static void Keep(BlobSession session)
    {
        try
        {
            session.KeepWhatIsStored(CancellationToken.None);
        }
        catch (VaultException problem) when (session.HasFailed || problem.Fault == VaultFault.Locked)
        {
            // The storage still fails, or somebody has the vault alone by now, and the first failure is the one to be told.
        }
    }

    private static ObjectId Walk(BackupCrew crew, IReadOnlyList<byte[]> paths)
    {
        ObjectId? root = null;
        crew.Work.Push(crew.Wanted.Stream is { } stream
            ? new StreamWork(stream, paths[0], id => root = id)
            : new RootWork(TargetPlace.Of(paths), crew.Wanted.Parent?.File.Tree, id => root = id));
        crew.Run();
        return root ?? throw new InvalidOperationException("The walk ended without a root.");
    }

    private static SnapshotFile SnapshotOf(BackupCrew crew, BackupTargets targets, ObjectId root, DateTimeOffset began)
    {
        var (wanted, tally, session) = (crew.Wanted, crew.Tally, crew.Session);
        return new()
        {
            Time = GoTime.From(wanted.Time ?? began),
            Parent = wanted.Parent?.Id,
            Tree = root,
            Paths = [.. targets.Recorded.Order(StringComparer.Ordinal)],
            Hostname = wanted.Hostname,
            Username = wanted.Username,
            UserId = wanted.UserId,
            GroupId = wanted.GroupId,
            Excludes = wanted.Excludes,
            Tags = wanted.Tags,
            ProgramVersion = ProgramVersion,
            Summary = new()
            {
                BackupStart = GoTime.From(began),
                BackupEnd = GoTime.From(crew.Vault.Time.GetUtcNow()),
                FilesNew = (ulong)tally.FilesNew,
                FilesChanged = (ulong)tally.FilesChanged,
                FilesUnmodified = (ulong)tally.FilesUnmodified,
                FoldersNew = (ulong)tally.FoldersNew,
                FoldersChanged = (ulong)tally.FoldersChanged,
                FoldersUnmodified = (ulong)tally.FoldersUnmodified,
                DataBlobs = (ulong)session.NewDataBlobs,
                TreeBlobs = (ulong)session.NewTreeBlobs,
                DataAdded = (ulong)session.NewBytes,
                DataAddedPacked = (ulong)session.StoredBytes,
                TotalFilesProcessed = (ulong)(tally.FilesNew + tally.FilesChanged + tally.FilesUnmodified),
                TotalBytesProcessed = (ulong)tally.Bytes,
            },
        };
    }

    private static string ProgramVersion { get; } = $"kedge {typeof(VaultBackup).Assembly.GetName().Version?.ToString(3)}";
}
