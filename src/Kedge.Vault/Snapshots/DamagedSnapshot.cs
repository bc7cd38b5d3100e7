using Kedge.Vault.Format;

namespace Kedge.Vault.Snapshots;

/// <summary>A snapshot that is in the vault and cannot be read.</summary>
public sealed record DamagedSnapshot(ObjectId Id, VaultException Problem);
