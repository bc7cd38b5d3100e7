using Kedge.Vault.Files;
using Kedge.Vault.Indexing;

namespace Kedge.Vault.Restore;

/// <summary>
/// Restores a snapshot's files: reads packs from front to back on many threads, and verifies every piece before it is
/// written. Into an empty folder, or over what is there, of which only what differs is written. It does not lock: what a
/// restore reads prune leaves alone for its grace period.
/// </summary>
public static class VaultRestore
{
    /// <summary>All that was restored is on stable storage when the task ends. Files get the snapshot's time only when their content
    /// is there: until then, and after an interruption, they have that of their writing.</summary>
    /// <exception cref="VaultException">The target cannot be made or is full, or the storage failed. What concerns single files is told
    /// through <see cref="RestoreWanted.OnProblem"/>, and counted.</exception>
    public static async Task RunAsync(VaultRepository vault, BlobIndex index, RestoreWanted wanted, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(vault);
        ArgumentNullException.ThrowIfNull(wanted);
        await Task.Factory.StartNew(() => Run(vault, index, wanted, cancellation), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private static void Run(VaultRepository vault, BlobIndex index, RestoreWanted wanted, CancellationToken cancellation)
    {
        var target = OpenTarget(wanted, out var isNew);
        using (target)
        {
            using var crew = new RestoreCrew(vault, index, wanted, target, cancellation);
            using (var walk = new RestoreWalk(crew))
            {
                walk.Run(isNew);
            }

            if (!wanted.DryRun)
            {
                crew.Disks.Sync();
            }
        }
    }

    private static FolderHandle OpenTarget(RestoreWanted wanted, out bool isNew)
    {
        var error = FolderHandle.Open(wanted.Target, out var target);
        isNew = error == Errno.NotFound;
        if (error == Errno.NotFound && !wanted.DryRun)
        {
            MakeWay(wanted.Target);
            error = FolderHandle.Open(wanted.Target, out target);
        }

        return error == Errno.None || wanted.DryRun ? target : throw FileSystemError.At(error, "open", wanted.Target);
    }

    private static void MakeWay(ReadOnlySpan<byte> path)
    {
        var parent = PathBytes.Parent(path);
        var error = FolderHandle.Open(parent, out var above);
        if (error == Errno.NotFound && !parent.SequenceEqual(path))
        {
            MakeWay(parent);
            error = FolderHandle.Open(parent, out above);
        }

        using (above)
        {
            error = error == Errno.None ? above.MakeFolder(PathBytes.Name(path)) : error;
        }

        if (error is not (Errno.None or Errno.Exists))
        {
            throw FileSystemError.At(error, "make", path);
        }
    }
}
