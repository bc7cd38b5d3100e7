namespace Kedge.Vault.Files;

/// <summary>An extended attribute (xattr(7)). ACLs are two of them: <c>system.posix_acl_access</c> and <c>system.posix_acl_default</c>.</summary>
/// <param name="Name">With its class, as <c>user.comment</c>; without a zero byte.</param>
/// <param name="Value">May be empty.</param>
internal readonly record struct ExtendedAttribute(byte[] Name, byte[] Value);
