using Kedge.Vault.Files;
using Kedge.Vault.Format;

namespace Kedge.Vault.Backup;

/// <summary>Makes nodes of what the file system says.</summary>
internal sealed class NodeMaker(OwnerNames owners, bool withAccessTime)
{
    /// <summary>Fills in all but content, tree and link's target.</summary>
    /// <returns>Why extended attributes may be missing.</returns>
    internal Errno Fill(TreeNode node, ReadOnlySpan<byte> name, in FileStatus status, Descriptor open)
    {
        var mode = ((uint)status.Kind << 12) | status.Permissions;
        node.Clear();
        node.SetName(name);
        node.Kind = GoMode.KindOf(mode);
        node.Mode = GoMode.FromStat(mode);
        node.ModifiedAt = TimeOf(status.ModificationTime);
        node.AccessedAt = withAccessTime ? TimeOf(status.AccessTime) : node.ModifiedAt;
        node.ChangedAt = TimeOf(status.ChangeTime);
        node.UserId = status.UserId;
        node.GroupId = status.GroupId;
        node.User = owners.UserName(status.UserId);
        node.Group = owners.GroupName(status.GroupId);
        node.Inode = status.Inode;
        node.Links = status.Kind == FileKind.Folder ? 0 : status.Links;
        // restic takes names with the same inode and device for one file.
        node.DeviceId = status.Kind != FileKind.Folder && status.Links > 1 ? status.Device : 0;
        node.Device = status.Kind is FileKind.BlockDevice or FileKind.CharacterDevice ? status.RepresentedDevice : 0;
        var error = open.ReadAttributes(out var attributes);
        foreach (var attribute in attributes)
        {
            node.ExtendedAttributes.Add(new(attribute.Name, attribute.Value));
        }

        return error;
    }

    internal static GoTime TimeOf(FileTime time) => new(time.Seconds, time.Nanoseconds, 0);
}
