namespace Kedge.Vault.Restore;

/// <summary>What a new entry has from the start, so that the system need not be called for it.</summary>
/// <param name="IsRoot">Whether this process may give files away.</param>
/// <param name="MayHaveAttributes">Whether it may have extended attributes, as what exists already or inherits an ACL.</param>
internal readonly record struct KnownMetadata(bool IsRoot, bool IsOwnerKnown, uint UserId, uint GroupId, uint? Permissions, bool MayHaveAttributes)
{
    internal bool HasOwner(uint userId, uint groupId) => IsOwnerKnown && userId == UserId && groupId == GroupId;

    internal bool HasPermissions(uint permissions) => Permissions == permissions;
}
