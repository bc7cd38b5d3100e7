using Kedge.Vault.Files;

namespace Kedge.Vault.Restore;

/// <summary>What an entry has already, so that the system need not be called for it; null where nobody knows.</summary>
/// <param name="IsRoot">Whether this process may give files away.</param>
/// <param name="IsNew">Otherwise it was there before this restore, and has to be looked at.</param>
/// <param name="MayHaveAttributes">Whether it may have extended attributes, as what exists already or inherits an ACL.</param>
internal readonly record struct KnownMetadata(bool IsRoot, bool IsNew, uint? UserId, uint? GroupId, uint? Permissions, FileTime? Modified, bool MayHaveAttributes)
{
    internal KnownMetadata With(in FileStatus status) => this with
    {
        UserId = status.UserId,
        GroupId = status.GroupId,
        Permissions = status.Permissions,
        Modified = status.ModificationTime,
    };
}
