using Kedge.Vault.Format;
using Kedge.Vault.Snapshots;

namespace Kedge.Vault.Tags;

/// <summary>A snapshot whose tags were changed, which is in the vault under another id now.</summary>
/// <param name="Problem">Why the old one could not be removed, so that both are there; null where it could.</param>
public sealed record RetaggedSnapshot(ObjectId Old, StoredSnapshot New, VaultException? Problem);
