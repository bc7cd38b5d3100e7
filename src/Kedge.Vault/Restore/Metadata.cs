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

    internal (FileTime Accessed, FileTime Modified) Times => (accessed, modified);

    /// <summary>Whether what is open has all of it, so that there would be nothing to give.</summary>
    /// <param name="isRoot">Others cannot give files away, and keep their own.</param>
    internal bool IsThatOf(Descriptor open, in FileStatus status, bool isRoot) =>
        (!isRoot || (status.UserId == userId && status.GroupId == groupId))
        && (status.Kind == FileKind.Link || status.Permissions == Permissions)
        && status.ModificationTime == modified
        && open.ReadAttributes(out var present) == Errno.None
        && !Surplus(present).Any() && !Lacking(present).Any();

    /// <summary>Gives it all to what is open, in the order in which one step does not undo another. What is as it shall be
    /// stays untouched, so that the next backup sees that nothing has changed.</summary>
    /// <param name="known">What it has already and need not get.</param>
    /// <param name="isLink">A symbolic link has no permissions.</param>
    /// <param name="withTimes">False for what is not whole, or not on the disk yet: nobody shall take it for the snapshot's file by its time.</param>
    /// <returns>The first thing that could not be done, and why; the rest was tried all the same.</returns>
    internal (Errno Error, string Act) Apply(Descriptor open, KnownMetadata known, bool isLink, bool withTimes)
    {
        var first = (Error: Errno.None, Act: "");
        if (!known.IsNew && open.Status(out var status) == Errno.None)
        {
            known = known.With(status);
        }

        if (known.UserId != userId || known.GroupId != groupId)
        {
            var error = open.SetOwner(userId, groupId);
            // Only root may give files away; restic is silent about it for others, too.
            Note(ref first, error == Errno.NotPermitted && !known.IsRoot ? Errno.None : error, "set the owner");
            // Programs lose setuid and setgid by it.
            known = known with { Permissions = null };
        }

        // An ACL's mask and the group's permissions are the same bits: permissions last.
        var isChanged = ApplyAttributes(open, known, ref first);
        if (!isLink && (isChanged || known.Permissions != Permissions))
        {
            Note(ref first, open.SetPermissions(Permissions), "set the permissions");
        }

        if (withTimes && known.Modified != modified)
        {
            Note(ref first, open.SetTimes(accessed, modified), "set the times");
        }

        return first;
    }

    /// <returns>Whether anything was changed.</returns>
    private bool ApplyAttributes(Descriptor open, KnownMetadata known, ref (Errno Error, string Act) first)
    {
        Files.ExtendedAttribute[] present = [];
        if (known.MayHaveAttributes)
        {
            open.ReadAttributes(out present);
        }

        var isChanged = false;
        foreach (var one in Surplus(present))
        {
            isChanged |= open.RemoveAttribute(one.Name) == Errno.None;
        }

        foreach (var attribute in Lacking(present))
        {
            var error = open.SetAttribute(attribute.Name.Span, attribute.Value.Span);
            Note(ref first, error == Errno.NotPermitted && !known.IsRoot ? Errno.None : error, $"set the attribute {PathText.Of(attribute.Name.Span)}");
            isChanged = true;
        }

        return isChanged;
    }

    /// <summary>What the system itself labels files with is no surplus.</summary>
    private IEnumerable<Files.ExtendedAttribute> Surplus(Files.ExtendedAttribute[] present) =>
        present.Where(p => !p.Name.AsSpan().StartsWith("security."u8) && !attributes.Any(a => a.Name.Span.SequenceEqual(p.Name)));

    private IEnumerable<Format.ExtendedAttribute> Lacking(Files.ExtendedAttribute[] present) =>
        attributes.Where(a => !present.Any(p => a.Name.Span.SequenceEqual(p.Name) && a.Value.Span.SequenceEqual(p.Value)));

    private static void Note(ref (Errno Error, string Act) first, Errno error, string act)
    {
        if (error != Errno.None && first.Error == Errno.None)
        {
            first = (error, act);
        }
    }
}
