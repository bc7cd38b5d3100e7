using Kedge.Vault.Format;

namespace Kedge.Vault.Browse.Comparing;

/// <summary>Whether two nodes say the same (restic, internal/data/node.go).</summary>
internal static class NodeEquality
{
    internal static bool SameContent(TreeNode one, TreeNode other) => one.Content.SequenceEqual(other.Content);

    internal static bool SameBesidesContent(TreeNode one, TreeNode other) =>
        one.Kind == other.Kind
        && one.Mode == other.Mode
        && one.ModifiedAt == other.ModifiedAt
        && one.AccessedAt == other.AccessedAt
        && one.ChangedAt == other.ChangedAt
        && (one.UserId, one.GroupId, one.User, one.Group) == (other.UserId, other.GroupId, other.User, other.Group)
        && (one.Inode, one.DeviceId, one.Size, one.Links, one.Device) == (other.Inode, other.DeviceId, other.Size, other.Links, other.Device)
        && one.LinkTarget.Span.SequenceEqual(other.LinkTarget.Span)
        && one.GenericAttributes.Span.SequenceEqual(other.GenericAttributes.Span)
        && one.Subtree == other.Subtree
        && one.Error == other.Error
        && SameAttributes(one.ExtendedAttributes, other.ExtendedAttributes);

    /// <summary>In whatever order they were read.</summary>
    private static bool SameAttributes(List<ExtendedAttribute> one, List<ExtendedAttribute> other) =>
        one.Count == other.Count
        && one.TrueForAll(a => other.Exists(b => a.Name.Span.SequenceEqual(b.Name.Span) && a.Value.Span.SequenceEqual(b.Value.Span)));
}
