using Kedge.Vault.Files;
using Kedge.Vault.Format;

namespace Kedge.Vault.Restore;

/// <summary>Makes folders in the target, and gives them in the end what they shall have.</summary>
internal sealed class FolderMaker(RestoreCrew crew, PresentEntries present, OwnerNames? owners)
{
    /// <param name="isWanted">Otherwise it only stands on the way to what may be wanted, and is made when something is.</param>
    /// <returns>Null where it could not be made, which was told.</returns>
    internal RestoreFolder? Folder(RestoreFolder above, FolderHandle handle, TreeNode node, bool isWanted)
    {
        var metadata = isWanted ? new Metadata(node, owners) : null;
        if (PresentEntries.Find(above, handle, node.Name, out var status) && status.Kind == FileKind.Folder)
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
        var exists = PresentEntries.Find(above, handle, name, out _);
        if (exists && crew.Wanted.Overwrite == Overwrite.Never)
        {
            crew.Act(RestoreAct.Kept, above, name);
            crew.Tell(above.PathOf(name), "something that is no folder is there and stays; what is in the snapshot's folder was not restored");
            return false;
        }

        if (exists && !present.Clear(above, handle, name))
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
}
