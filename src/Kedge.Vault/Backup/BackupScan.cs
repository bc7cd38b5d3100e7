using Kedge.Vault.Files;

namespace Kedge.Vault.Backup;

/// <summary>
/// Counts beforehand what a backup will come across, so that somebody can be told how long it will take. An estimate: what
/// cannot be opened is left out, and markers of folders are not looked for.
/// </summary>
public static class BackupScan
{
    /// <summary>Walks on one thread; what it counts stands in the progress as it goes.</summary>
    public static Task RunAsync(BackupWanted wanted, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        return Task.Factory.StartNew(() => Run(wanted, cancellation), cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private static void Run(BackupWanted wanted, CancellationToken cancellation)
    {
        var names = new FolderListing();
        var folders = new Stack<byte[]>();
        foreach (var target in wanted.Paths.Select(p => BackupTargets.Absolute(p)))
        {
            var error = FolderHandle.Open(PathBytes.Parent(target), out var parent);
            using (parent)
            {
                if (error == Errno.None)
                {
                    Count(parent, PathBytes.Parent(target), PathBytes.Name(target), device: null, wanted, folders);
                }
            }

            while (folders.TryPop(out var path))
            {
                cancellation.ThrowIfCancellationRequested();
                Look(path, names, wanted, folders);
            }
        }

        wanted.Progress.IsScanned = true;
    }

    private static void Look(byte[] path, FolderListing names, BackupWanted wanted, Stack<byte[]> folders)
    {
        var error = FolderHandle.Open(path, out var folder);
        using (folder)
        {
            if (error != Errno.None || folder.Status(out var own) != Errno.None || names.Read(folder) != Errno.None)
            {
                return;
            }

            for (var i = 0; i < names.Count; i++)
            {
                Count(folder, path, names[i].Name, own.Device, wanted, folders);
            }
        }
    }

    /// <param name="device">That must not be left; null for any.</param>
    private static void Count(FolderHandle folder, ReadOnlySpan<byte> path, ReadOnlySpan<byte> name, ulong? device, BackupWanted wanted, Stack<byte[]> folders)
    {
        if (name.IsEmpty)
        {
            // The root of the file system has no name.
            folders.Push(path.ToArray());
            return;
        }

        var full = PathBytes.Join(path, name);
        if (folder.StatusOf(name, out var status) != Errno.None || wanted.Filter?.Excludes(full, status.Kind == FileKind.Folder) == true)
        {
            return;
        }

        if (status.Kind == FileKind.File && !(status.Size > wanted.LargestFile))
        {
            wanted.Progress.Expect(status.Size);
        }
        else if (status.Kind == FileKind.Folder && !(wanted.OneFileSystem && device is { } stays && status.Device != stays))
        {
            folders.Push(full);
        }
    }
}
