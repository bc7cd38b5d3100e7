using Kedge.Vault.Files;
using Kedge.Vault.Format;

namespace Kedge.Vault.Restore;

/// <summary>Owner, permissions, times and attributes that an entry shall have.</summary>
internal sealed class Metadata
{
    private readonly uint userId;
    private readonly uint groupId;
    private readonly FileTime accessed;
    private readonly FileTime modified;
    private readonly Format.ExtendedAttribute[] attributes;

    internal Metadata(TreeNode node, OwnerNames? owners)
    {
        Permissions = GoMode.ToPermissions(node.Mode);
        userId = (node.User.Length > 0 ? owners?.UserId(node.User) : null) ?? node.UserId;
        groupId = (node.Group.Length > 0 ? owners?.GroupId(node.Group) : null) ?? node.GroupId;
        accessed = new(node.AccessedAt.UnixSeconds, node.AccessedAt.Nanoseconds);
        modified = new(node.ModifiedAt.UnixSeconds, node.ModifiedAt.Nanoseconds);
        attributes = node.ExtendedAttributes.Count == 0 ? [] : [.. node.ExtendedAttributes.Select(a => new Format.ExtendedAttribute(a.Name.ToArray(), a.Value.ToArray()))];
    }

    internal uint Permissions { get; }

    internal FileTime Modified => modified;

    /// <summary>Gives it all to what is open, in the order in which one step does not undo another.</summary>
    /// <param name="known">What it has already and need not get.</param>
    /// <param name="isLink">A symbolic link has no permissions.</param>
    /// <param name="withTimes">False for what is not as it should be: it shall not look like what is restored already.</param>
    /// <returns>The first thing that could not be done, and why; the rest was tried all the same.</returns>
    internal (Errno Error, string Act) Apply(Descriptor open, KnownMetadata known, bool isLink, bool withTimes)
    {
        var first = (Error: Errno.None, Act: "");
        if (!known.HasOwner(userId, groupId))
        {
            var error = open.SetOwner(userId, groupId);
            // Only root may give files away; restic is silent about it for others, too.
            Note(ref first, error == Errno.NotPermitted && !known.IsRoot ? Errno.None : error, "set the owner");
        }

        if (known.MayHaveAttributes)
        {
            RemoveOthers(open);
        }

        foreach (var attribute in attributes)
        {
            var error = open.SetAttribute(attribute.Name.Span, attribute.Value.Span);
            Note(ref first, error == Errno.NotPermitted && !known.IsRoot ? Errno.None : error, $"set the attribute {PathText.Of(attribute.Name.Span)}");
        }

        // An ACL's mask and the group's permissions are the same bits: permissions last.
        if (!isLink && (!known.HasPermissions(Permissions) || attributes.Length > 0))
        {
            Note(ref first, open.SetPermissions(Permissions), "set the permissions");
        }

        if (withTimes)
        {
            Note(ref first, open.SetTimes(accessed, modified), "set the times");
        }

        return first;
    }

    private void RemoveOthers(Descriptor open)
    {
        open.ReadAttributes(out var present);
        foreach (var one in present.Where(p => !p.Name.AsSpan().StartsWith("security."u8) && !attributes.Any(a => a.Name.Span.SequenceEqual(p.Name))))
        {
            open.RemoveAttribute(one.Name);
        }
    }

    private static void Note(ref (Errno Error, string Act) first, Errno error, string act)
    {
        if (error != Errno.None && first.Error == Errno.None)
        {
            first = (error, act);
        }
    }
}
