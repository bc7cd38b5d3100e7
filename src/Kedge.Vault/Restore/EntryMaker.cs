using Kedge.Vault.Files;
using Kedge.Vault.Format;

namespace Kedge.Vault.Restore;

/// <summary>Makes entries in the target, or finds that they are there already. What stands in the way is removed, never followed.</summary>
internal sealed class EntryMaker(RestoreCrew crew)
{
    /// <summary>PATH_MAX, with the zero byte.</summary>
    private const int LongestPath = 4096;

    private readonly OwnerNames? owners = crew.Wanted.OwnersByName ? new() : null;

    /// <param name="isWanted">Otherwise it only stands on the way to what may be wanted, and is made when something is.</param>
    /// <returns>Null where it could not be made, which was told.</returns>
    internal RestoreFolder? Folder(RestoreFolder above, FolderHandle handle, TreeNode node, bool isWanted)
    {
        var metadata = isWanted ? new Metadata(node, owners) : null;
        if (Find(above, handle, node.Name, out var status) && status.Kind == FileKind.Folder)
        {
            if (isWanted)
            {
                Unlock(handle, node.Name, status);
            }

            crew.Act(RestoreAct.Kept, above, node.Name);
            return new(above, node.Name.ToArray(), isNew: false, metadata);
        }

        return !isWanted || MakeFolder(above, handle, node.Name) ? new(above, node.Name.ToArray(), isNew: true, metadata) { IsPlanned = !isWanted } : null;
    }

    /// <summary>Makes a folder, where none is.</summary>
    /// <returns>False where that failed, which was told.</returns>
    internal bool MakeFolder(RestoreFolder above, FolderHandle handle, ReadOnlySpan<byte> name)
    {
        var exists = Find(above, handle, name, out _);
        if (exists && crew.Wanted.Overwrite == Overwrite.Never)
        {
            crew.Act(RestoreAct.Kept, above, name);
            crew.Tell(above.PathOf(name), "something that is no folder is there and stays; what is in the snapshot's folder was not restored");
            return false;
        }

        if (exists && !Clear(above, handle, name))
        {
            return false;
        }

        var error = crew.Wanted.DryRun ? Errno.None : handle.MakeFolder(name);
        if (error != Errno.None)
        {
            RestoreCrew.DemandSpace(error, "make", above.PathOf(name));
            crew.Tell(above.PathOf(name), $"cannot make the folder: {error.Words()}");
            return false;
        }

        crew.Act(RestoreAct.Made, above, name);
        return true;
    }

    /// <summary>Whether something of this name is there, and a person wants it to stay.</summary>
    internal bool Stays(RestoreFolder folder, FolderHandle handle, TreeNode node, long size) => Find(folder, handle, node.Name, out var status) && Stays(node, status, size);

    /// <returns>Null where there is nothing to do, or where it could not be done, which was told.</returns>
    internal RestoreFile? File(RestoreFolder folder, FolderHandle handle, TreeNode node, long size)
    {
        var metadata = new Metadata(node, owners);
        var exists = Find(folder, handle, node.Name, out var status);
        if (!exists)
        {
            crew.Act(RestoreAct.Made, folder, node.Name);
            return new(folder, node.Name.ToArray(), size, metadata);
        }

        var isFile = status.Kind == FileKind.File;
        if (Stays(node, status, size))
        {
            crew.Act(RestoreAct.Kept, folder, node.Name);
            crew.Wanted.Progress.Found(size);
            crew.Wanted.Progress.Kept(size);
            crew.Wanted.Progress.FileDone();
            return null;
        }

        if (isFile && (status.Links > 1 ? status.Size == size && HasAlready(handle, node.Name, metadata) : IsWritable(handle, node.Name, status)))
        {
            return new(folder, node.Name.ToArray(), size, metadata) { Before = status };
        }

        if (!Clear(folder, handle, node.Name))
        {
            return null;
        }

        crew.Act(RestoreAct.Changed, folder, node.Name);
        return new(folder, node.Name.ToArray(), size, metadata);
    }

    /// <summary>A symbolic link, a device, a pipe or a socket. One that is there already stays.</summary>
    /// <returns>Whether it is there as this restore makes it.</returns>
    internal bool Special(RestoreFolder folder, FolderHandle handle, TreeNode node)
    {
        var exists = Find(folder, handle, node.Name, out var status);
        if (exists && Stays(node, status, size: 0))
        {
            crew.Act(RestoreAct.Kept, folder, node.Name);
            return false;
        }

        if (!CanBe(node))
        {
            // Told before what is there is removed for nothing.
            crew.Tell(folder.PathOf(node.Name), "cannot make it: no file system has such a thing");
            return false;
        }

        var metadata = new Metadata(node, owners);
        var stays = exists && IsSame(handle, node, status) && (status.Links == 1 || HasAlready(handle, node.Name, metadata));
        if (exists && !stays && !Clear(folder, handle, node.Name))
        {
            return false;
        }

        crew.Act(stays ? RestoreAct.Kept : exists ? RestoreAct.Changed : RestoreAct.Made, folder, node.Name);
        if (crew.Wanted.DryRun)
        {
            return true;
        }

        var error = stays ? Errno.None
            : node.Kind == NodeKind.Symlink ? handle.MakeLink(node.Name, node.LinkTarget.Span)
            : handle.MakeSpecial(node.Name, KindOf(node.Kind), node.Device);
        if (error != Errno.None)
        {
            RestoreCrew.DemandSpace(error, "make", folder.PathOf(node.Name));
            crew.Tell(folder.PathOf(node.Name), $"cannot make it: {error.Words()}");
            return false;
        }

        error = handle.HoldEntry(node.Name, out var entry, out var now);
        using (entry)
        {
            var act = "look at it";
            // Somebody may have put something else in its place.
            var isIt = stays ? now.IsSameAs(status) : now.Kind == KindOf(node.Kind) && now.Links == 1;
            error = error == Errno.None && !isIt ? Errno.Moved : error;
            if (error == Errno.None)
            {
                (error, act) = metadata.Apply(entry, crew.KnownOf(folder, isNew: !stays) with { Permissions = null }, isLink: node.Kind == NodeKind.Symlink, withTimes: true);
            }

            if (error != Errno.None)
            {
                crew.Tell(folder.PathOf(node.Name), $"cannot {act}: {error.Words()}");
            }
        }

        return true;
    }

    /// <summary>Gives what was restored another name.</summary>
    internal void Link(FolderCache folders, (RestoreFolder Folder, byte[] Name) to, RestoreFolder folder, byte[] name)
    {
        // Two caches, since one may close what it gave out before.
        using var others = new FolderCache(crew.Target);
        var error = others.Open(to.Folder, out var from);
        var into = FolderHandle.None;
        error = error == Errno.None ? folders.Open(folder, out into) : error;
        if (error == Errno.None && Find(folder, into, name, out var there))
        {
            if (from.StatusOf(to.Name, out var first) == Errno.None && first.IsSameAs(there))
            {
                crew.Act(RestoreAct.Kept, folder, name);
                return;
            }

            if (!Clear(folder, into, name))
            {
                return;
            }
        }

        crew.Act(RestoreAct.Made, folder, name);
        error = error == Errno.None ? from.MakeHardLink(to.Name, into, name) : error;
        if (error != Errno.None)
        {
            crew.Tell(folder.PathOf(name), $"cannot link it to {PathText.Of(to.Folder.PathOf(to.Name))}: {error.Words()}");
        }
    }

    /// <summary>Gives a folder what it should have when all is in it.</summary>
    internal void Finish(FolderCache folders, RestoreFolder folder)
    {
        if (folder.Metadata is null)
        {
            return;
        }

        var act = "open";
        var error = folders.Open(folder, out var handle);
        if (error == Errno.None)
        {
            (error, act) = folder.Metadata.Apply(handle, crew.KnownOf(folder.Above!, folder.IsNew) with { Permissions = null }, isLink: false, withTimes: true);
        }

        if (error != Errno.None)
        {
            crew.Tell(folder.PathOf([]), $"cannot {act}: {error.Words()}");
        }
    }

    private static bool Find(RestoreFolder folder, FolderHandle handle, ReadOnlySpan<byte> name, out FileStatus status)
    {
        status = default;
        return !folder.IsNew && handle.StatusOf(name, out status) == Errno.None;
    }

    /// <summary>Whether a person wants what is there to stay, whatever the snapshot has.</summary>
    private bool Stays(TreeNode node, in FileStatus status, long size)
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

    /// <summary>Lets its owner work in a folder that is closed to them, too, until it gets its permissions.</summary>
    private void Unlock(FolderHandle handle, ReadOnlySpan<byte> name, in FileStatus status)
    {
        const uint ownerMayAll = 0x1c0;
        if (crew.IsRoot || crew.Wanted.DryRun || !crew.Owns(status) || (status.Permissions & ownerMayAll) == ownerMayAll)
        {
            return;
        }

        if (handle.HoldEntry(name, out var entry, out var now) == Errno.None)
        {
            using (entry)
            {
                // Where it fails whatever needs it says so.
                _ = now.IsSameAs(status) ? entry.SetPermissions(status.Permissions | ownerMayAll) : Errno.Moved;
            }
        }
    }

    /// <summary>Or can be made so, which it is only where there is something to write.</summary>
    private bool IsWritable(FolderHandle handle, ReadOnlySpan<byte> name, in FileStatus status)
    {
        var error = handle.OpenFileToWrite(name, out var file, out _);
        file.Dispose();
        return error == Errno.None || (error == Errno.AccessDenied && crew.Owns(status));
    }

    /// <summary>What has several names changes under all of them: it may stay only if there is nothing to change.</summary>
    private bool HasAlready(FolderHandle handle, ReadOnlySpan<byte> name, Metadata metadata)
    {
        var error = handle.HoldEntry(name, out var entry, out var status);
        using (entry)
        {
            return error == Errno.None && metadata.IsThatOf(entry, status, crew.IsRoot);
        }
    }

    private static bool IsSame(FolderHandle handle, TreeNode node, in FileStatus status)
    {
        if (status.Kind != KindOf(node.Kind))
        {
            return false;
        }

        return status.Kind switch
        {
            FileKind.Link => handle.ReadLink(node.Name, out var target) == Errno.None && node.LinkTarget.Span.SequenceEqual(target),
            FileKind.BlockDevice or FileKind.CharacterDevice => status.RepresentedDevice == node.Device,
            _ => true,
        };
    }

    /// <summary>What a folder holds the snapshot does not have: it goes with it only where all such things are to go.</summary>
    private bool Clear(RestoreFolder folder, FolderHandle handle, ReadOnlySpan<byte> name)
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

    private static bool CanBe(TreeNode node) => node.Kind == NodeKind.Symlink
        ? node.LinkTarget.Length is > 0 and < LongestPath && !node.LinkTarget.Span.Contains((byte)0)
        : KindOf(node.Kind) != FileKind.Unknown;

    private static FileKind KindOf(NodeKind kind) => kind switch
    {
        NodeKind.Symlink => FileKind.Link,
        NodeKind.BlockDevice => FileKind.BlockDevice,
        NodeKind.CharacterDevice => FileKind.CharacterDevice,
        NodeKind.Pipe => FileKind.Pipe,
        NodeKind.Socket => FileKind.Socket,
        _ => FileKind.Unknown,
    };
}
