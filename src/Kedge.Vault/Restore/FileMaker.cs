using Kedge.Vault.Files;
using Kedge.Vault.Format;

namespace Kedge.Vault.Restore;

/// <summary>Decides what becomes of regular files, whose content others write, and makes their other names.</summary>
internal sealed class FileMaker(RestoreCrew crew, PresentEntries present, OwnerNames? owners)
{
    /// <returns>Null where there is nothing to do, or where it could not be done, which was told.</returns>
    internal RestoreFile? File(RestoreFolder folder, FolderHandle handle, TreeNode node, long size)
    {
        var metadata = new Metadata(node, owners);
        var exists = PresentEntries.Find(folder, handle, node.Name, out var status);
        if (!exists)
        {
            crew.Act(RestoreAct.Made, folder, node.Name);
            return new(folder, node.Name.ToArray(), size, metadata);
        }

        var isFile = status.Kind == FileKind.File;
        if (present.Stays(node, status, size))
        {
            crew.Act(RestoreAct.Kept, folder, node.Name);
            crew.Wanted.Progress.Found(size);
            crew.Wanted.Progress.Kept(size);
            crew.Wanted.Progress.FileDone();
            return null;
        }

        if (isFile && (status.Links > 1 ? status.Size == size && present.HasAlready(handle, node.Name, metadata) : IsWritable(handle, node.Name, status)))
        {
            return new(folder, node.Name.ToArray(), size, metadata) { Before = status };
        }

        if (!present.Clear(folder, handle, node.Name))
        {
            return null;
        }

        crew.Act(RestoreAct.Changed, folder, node.Name);
        return new(folder, node.Name.ToArray(), size, metadata);
    }

    /// <summary>Gives what was restored another name.</summary>
    internal void Link(FolderCache folders, (RestoreFolder Folder, byte[] Name) to, RestoreFolder folder, byte[] name)
    {
        // Two caches, since one may close what it gave out before.
        using var others = new FolderCache(crew.Target);
        var error = others.Open(to.Folder, out var from);
        var into = FolderHandle.None;
        error = error == Errno.None ? folders.Open(folder, out into) : error;
        if (error == Errno.None && PresentEntries.Find(folder, into, name, out var there))
        {
            if (from.StatusOf(to.Name, out var first) == Errno.None && first.IsSameAs(there))
            {
                crew.Act(RestoreAct.Kept, folder, name);
                return;
            }

            if (!present.Clear(folder, into, name))
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

    /// <summary>Or can be made so, which it is only where there is something to write.</summary>
    private bool IsWritable(FolderHandle handle, ReadOnlySpan<byte> name, in FileStatus status)
    {
        var error = handle.OpenFileToWrite(name, out var file, out _);
        file.Dispose();
        return error == Errno.None || (error == Errno.AccessDenied && crew.Owns(status));
    }
}
