using Kedge.Vault.Files;
using Kedge.Vault.Format;

namespace Kedge.Vault.Restore;

/// <summary>Makes entries in the target, or finds that they are there already. What stands in the way is removed, never followed.</summary>
internal sealed class EntryMaker(RestoreCrew crew)
{
    private readonly OwnerNames? owners = crew.Wanted.OwnersByName ? new() : null;

    /// <param name="isWanted">Otherwise it only stands on the way to what is wanted.</param>
    /// <returns>Null where it could not be made, which was told.</returns>
    internal RestoreFolder? Folder(RestoreFolder above, FolderHandle handle, TreeNode node, bool isWanted)
    {
        var metadata = isWanted ? new Metadata(node, owners) : null;
        var exists = Find(above, handle, node.Name, out var status);
        if (exists && status.Kind == FileKind.Folder)
        {
            crew.Act(RestoreAct.Kept, above, node.Name);
            return new(above, node.Name.ToArray(), isNew: false, metadata);
        }

        if (exists && !Clear(above, handle, node.Name))
        {
            return null;
        }

        var error = crew.Wanted.DryRun ? Errno.None : handle.MakeFolder(node.Name);
        if (error != Errno.None)
        {
            RestoreCrew.DemandSpace(error, "make", above.PathOf(node.Name));
            crew.Tell(above.PathOf(node.Name), $"cannot make the folder: {error.Words()}");
            return null;
        }

        crew.Act(RestoreAct.Made, above, node.Name);
        return new(above, node.Name.ToArray(), isNew: true, metadata);
    }

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
        if (crew.Wanted.Overwrite == Overwrite.Never || (isFile && IsGoodAsItIs(metadata, status, size)))
        {
            crew.Act(RestoreAct.Kept, folder, node.Name);
            crew.Wanted.Progress.Found(size);
            crew.Wanted.Progress.Kept(size);
            crew.Wanted.Progress.FileDone();
            return null;
        }

        // Written in place a file changes under all its names, whosever they are.
        if (isFile && status.Links == 1 && IsWritable(handle, node.Name))
        {
            return new(folder, node.Name.ToArray(), size, metadata) { Exists = true };
        }

        if (!Clear(folder, handle, node.Name))
        {
            return null;
        }

        crew.Act(RestoreAct.Changed, folder, node.Name);
        return new(folder, node.Name.ToArray(), size, metadata);
    }

    private static bool IsSameLink(FolderHandle handle, TreeNode node) =>
        node.Kind == NodeKind.Symlink && handle.ReadLink(node.Name, out var target) == Errno.None && node.LinkTarget.Span.SequenceEqual(target);

    /// <summary>A symbolic link, a device, a pipe or a socket.</summary>
    /// <returns>Whether it is there as this restore makes it.</returns>
    internal bool Special(RestoreFolder folder, FolderHandle handle, TreeNode node)
    {
        if (Find(folder, handle, node.Name, out _))
        {
            if (crew.Wanted.Overwrite == Overwrite.Never || (crew.Wanted.DryRun && IsSameLink(handle, node)))
            {
                crew.Act(RestoreAct.Kept, folder, node.Name);
                return false;
            }

            if (!Clear(folder, handle, node.Name))
            {
                return false;
            }
        }

        crew.Act(RestoreAct.Made, folder, node.Name);
        if (crew.Wanted.DryRun)
        {
            return true;
        }

        var error = node.Kind == NodeKind.Symlink
            ? handle.MakeLink(node.Name, node.LinkTarget.Span)
            : handle.MakeSpecial(node.Name, KindOf(node.Kind), node.Device);
        if (error != Errno.None)
        {
            RestoreCrew.DemandSpace(error, "make", folder.PathOf(node.Name));
            crew.Tell(folder.PathOf(node.Name), $"cannot make it: {error.Words()}");
            return false;
        }

        error = handle.HoldEntry(node.Name, out var entry, out var status);
        using (entry)
        {
            var act = "look at it";
            if (error == Errno.None && (status.Kind == FileKind.Link) == (node.Kind == NodeKind.Symlink))
            {
                (error, act) = new Metadata(node, owners).Apply(entry, crew.KnownOf(folder, isNew: true) with { Permissions = null }, isLink: node.Kind == NodeKind.Symlink, withTimes: true);
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
        if (error == Errno.None && !folder.IsNew && into.StatusOf(name, out _) == Errno.None && !Clear(folder, into, name))
        {
            return;
        }

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

    private bool IsGoodAsItIs(Metadata metadata, in FileStatus status, long size) => crew.Wanted.Overwrite switch
    {
        Overwrite.IfChanged => status.Size == size && status.ModificationTime == metadata.Modified,
        Overwrite.IfNewer => status.ModificationTime.Seconds > metadata.Modified.Seconds
            || (status.ModificationTime.Seconds == metadata.Modified.Seconds && status.ModificationTime.Nanoseconds >= metadata.Modified.Nanoseconds),
        _ => false,
    };

    private static bool IsWritable(FolderHandle handle, ReadOnlySpan<byte> name)
    {
        var error = handle.OpenFileToWrite(name, out var file, out _);
        file.Dispose();
        return error == Errno.None;
    }

    private bool Clear(RestoreFolder folder, FolderHandle handle, ReadOnlySpan<byte> name)
    {
        var error = crew.Wanted.DryRun ? Errno.None : TreeRemoval.Remove(handle, name, out _);
        if (error != Errno.None)
        {
            crew.Tell(folder.PathOf(name), $"cannot remove what is there: {error.Words()}");
        }

        return error == Errno.None;
    }

    private static FileKind KindOf(NodeKind kind) => kind switch
    {
        NodeKind.BlockDevice => FileKind.BlockDevice,
        NodeKind.CharacterDevice => FileKind.CharacterDevice,
        NodeKind.Pipe => FileKind.Pipe,
        NodeKind.Socket => FileKind.Socket,
        _ => FileKind.Unknown,
    };
}
