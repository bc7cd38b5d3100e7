using Kedge.Vault.Files;
using Kedge.Vault.Format;

namespace Kedge.Vault.Restore;

/// <summary>What is in the target already where an entry shall be: it stays, or stands in the way and is removed, never followed.</summary>
internal sealed class PresentEntries(RestoreCrew crew)
{
    internal static bool Find(RestoreFolder folder, FolderHandle handle, ReadOnlySpan<byte> name, out FileStatus status)
    {
        status = default;
        return !folder.IsNew && handle.StatusOf(name, out status) == Errno.None;
    }

    /// <summary>Whether something of this name is there, and a person wants it to stay.</summary>
    internal bool Stays(RestoreFolder folder, FolderHandle handle, TreeNode node, long size) => Find(folder, handle, node.Name, out var status) && Stays(node, status, size);

    /// <summary>Whether a person wants what is there to stay, whatever the snapshot has.</summary>
    internal bool Stays(TreeNode node, in FileStatus status, long size)
    {
        var (seen, modified) = (status.ModificationTime, node.ModifiedAt);
        return crew.Wanted.Overwrite switch
        {
            Overwrite.Never => true,
            _ when status.Kind != FileKind.File || node.Kind != NodeKind.File => false,
            Overwrite.IfChanged => status.Size == size && seen.Seconds == modified.UnixSeconds && seen.Nanoseconds == modified.Nanoseconds,
            Overwrite.IfNewer => (seen.Seconds, seen.Nanoseconds).CompareTo((modified.UnixSeconds, modified.Nanoseconds)) >= 0,
            _ => false,
        };
    }

    /// <summary>What has several names changes under all of them: it may stay only if there is nothing to change.</summary>
    internal bool HasAlready(FolderHandle handle, ReadOnlySpan<byte> name, Metadata metadata)
    {
        var error = handle.HoldEntry(name, out var entry, out var status);
        using (entry)
        {
            return error == Errno.None && metadata.IsThatOf(entry, status, crew.IsRoot);
        }
    }

    /// <summary>Removes it; a folder with something in it only where all that the snapshot does not have is to go.</summary>
    /// <returns>False where that failed, which was told.</returns>
    internal bool Clear(RestoreFolder folder, FolderHandle handle, ReadOnlySpan<byte> name)
    {
        if (!crew.Wanted.Delete && HoldsAnything(handle, name))
        {
            crew.Tell(folder.PathOf(name), "a folder with something in it is there and stays: --delete would remove it");
            return false;
        }

        var error = crew.Wanted.DryRun ? Errno.None : crew.Wanted.Delete ? TreeRemoval.Remove(handle, name, out _) : RemoveOne(handle, name);
        if (error != Errno.None)
        {
            crew.Tell(folder.PathOf(name), $"cannot remove what is there: {error.Words()}");
        }

        return error == Errno.None;
    }

    private static bool HoldsAnything(FolderHandle handle, ReadOnlySpan<byte> name)
    {
        if (handle.OpenFolder(name, out var folder) != Errno.None)
        {
            return false;
        }

        using (folder)
        {
            var listing = new FolderListing();
            return listing.Read(folder) != Errno.None || listing.Count > 0;
        }
    }

    /// <summary>A folder only if it is empty, whatever it was a moment ago.</summary>
    private static Errno RemoveOne(FolderHandle handle, ReadOnlySpan<byte> name)
    {
        var error = handle.Remove(name);
        return error == Errno.IsAFolder ? handle.RemoveFolder(name) : error;
    }
}
