using Kedge.Vault.Format;

namespace Kedge.Vault.Keys;

/// <summary>A key of a vault. All keys of a vault hold the same master key, each sealed with another password.</summary>
/// <param name="IsCurrent">Whether it is the one with which the vault was opened.</param>
public sealed record StoredKey(ObjectId Id, KeyOwner Owner, bool IsCurrent);
