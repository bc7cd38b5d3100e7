using Kedge.Vault.Files;
using Kedge.Vault.Format;

namespace Kedge.Vault.Restore;

/// <summary>Makes symbolic links, devices, pipes and sockets in the target.</summary>
internal sealed class SpecialMaker(RestoreCrew crew, PresentEntries present, OwnerNames? owners)
{
    /// <summary>PATH_MAX, with the zero byte.</summary>
    private const int LongestPath = 4096;

    /// <summary>Makes one; what is there already as it shall be stays.</summary>
    /// <returns>Whether it is there as this restore makes it.</returns>
    internal bool Make(RestoreFolder folder, FolderHandle handle, TreeNode node)
    {
        var exists = PresentEntries.Find(folder, handle, node.Name, out var status);
        if (exists && present.Stays(node, status, size: 0))
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
        var stays = exists && IsSame(handle, node, status) && (status.Links == 1 || present.HasAlready(handle, node.Name, metadata));
        if (exists && !stays && !present.Clear(folder, handle, node.Name))
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
