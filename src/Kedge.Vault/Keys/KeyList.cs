using Kedge.Vault.Format;

namespace Kedge.Vault.Keys;

/// <summary>The keys of a vault.</summary>
/// <param name="Keys">Older before newer.</param>
/// <param name="Damaged">What cannot be read. To be reported.</param>
public sealed record KeyList(IReadOnlyList<StoredKey> Keys, IReadOnlyList<(ObjectId Id, VaultException Problem)> Damaged);
