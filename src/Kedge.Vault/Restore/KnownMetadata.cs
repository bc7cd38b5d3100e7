namespace Kedge.Vault.Restore;

/// <summary>What a new entry has from the start, so that the system need not be called for it.</summary>
internal readonly record struct KnownMetadata(bool IsRoot, bool IsOwnerKnown, uint UserId, uint GroupId, uint? Permissions)
{
    internal bool HasOwner(uint userId, uint groupId) => IsOwnerKnown && userId == UserId && groupId == GroupId;

    internal bool HasPermissions(uint permissions) => Permissions == permissions;
}
