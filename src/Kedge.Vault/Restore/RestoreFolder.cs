using Kedge.Vault.Files;

namespace Kedge.Vault.Restore;

/// <summary>A folder in the target.</summary>
/// <param name="above">Null for the target itself.</param>
/// <param name="isNew">Whether this restore made it: nobody else has put anything in it, or may look into it before it is done.</param>
internal sealed class RestoreFolder(RestoreFolder? above, byte[] name, bool isNew, Metadata? metadata)
{
    internal RestoreFolder? Above { get; } = above;

    internal byte[] Name { get; } = name;

    internal bool IsNew { get; } = isNew;

    /// <summary>Whether it is not there yet, and made only when something in it is wanted.</summary>
    internal bool IsPlanned { get; set; }

    /// <summary>What it gets when all is in it; null where it is left as it is.</summary>
    internal Metadata? Metadata { get; } = metadata;

    /// <summary>Whether new entries in it may get a group or an ACL from it. Known once it was looked at.</summary>
    internal bool Bequeaths { get; private set; }

    /// <summary>The file system that it is on; 0 where it could not be looked at. Known once it was, of folders that are not new.</summary>
    internal ulong Device { get; private set; }

    internal int Depth { get; } = above is null ? 0 : above.Depth + 1;

    /// <summary>Sees what it hands on, before anything is made in it.</summary>
    internal void LookAt(FolderHandle handle, uint userId, uint groupId)
    {
        if (IsNew && Above is { IsNew: true })
        {
            Bequeaths = Above.Bequeaths;
            return;
        }

        // What is new has its group from a folder with setgid, or on a file system that is mounted so (mount(8), bsdgroups);
        // on others (NFS, root_squash) not even its owner is who made it.
        const uint setGroup = 0x400;
        Bequeaths = handle.Status(out var status) != Errno.None || (status.Permissions & setGroup) != 0 || status.GroupId != groupId
            || (IsNew && status.UserId != userId)
            || handle.ReadAttributes(out var attributes) != Errno.None || attributes.Any(a => a.Name.AsSpan().SequenceEqual("system.posix_acl_default"u8));
        Device = status.Device;
    }

    /// <summary>For people.</summary>
    internal byte[] PathOf(ReadOnlySpan<byte> entry)
    {
        // A hostile tree may have any number of levels: no call for each.
        var way = new Stack<byte[]>();
        for (var at = this; at is not null; at = at.Above)
        {
            way.Push(at.Name);
        }

        return PathBytes.Join(way, entry);
    }
}
