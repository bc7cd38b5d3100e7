using Kedge.Vault.Files;

namespace Kedge.Vault.Restore;

/// <summary>The file systems that a restore writes to: the target's, and those that are mounted below it.</summary>
internal sealed class TargetDisks(FolderHandle target, byte[] path) : IDisposable
{
    private readonly Lock gate = new();
    private readonly Dictionary<ulong, FolderHandle> others = [];
    private ulong? own;

    /// <summary>Something may be written into a folder on this device. Before it is: the system tells of a failed write only those
    /// who have the file system open by then (syncfs(2)).</summary>
    /// <param name="folder">The caller may close it.</param>
    /// <exception cref="VaultException">There are too many open files, or the like.</exception>
    internal void Know(ulong device, FolderHandle folder)
    {
        lock (gate)
        {
            own ??= target.Status(out var status) == Errno.None ? status.Device : 0;
            if (device != own && !others.ContainsKey(device))
            {
                var error = folder.OpenAgain(out var again);
                others[device] = error == Errno.None ? again : throw FileSystemError.At(error, "open what is mounted below", path);
            }
        }
    }

    /// <summary>Waits until all that was written is on stable storage.</summary>
    /// <exception cref="VaultException">Something could not be written.</exception>
    internal void Sync()
    {
        lock (gate)
        {
            foreach (var disk in others.Values.Prepend(target))
            {
                if (disk.SyncFileSystem() is var error && error != Errno.None)
                {
                    throw FileSystemError.At(error, "write to the disk what was restored to", path);
                }
            }
        }
    }

    public void Dispose()
    {
        foreach (var disk in others.Values)
        {
            disk.Dispose();
        }
    }
}
