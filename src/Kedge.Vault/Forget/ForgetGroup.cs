using Kedge.Vault.Snapshots;

namespace Kedge.Vault.Forget;

/// <summary>What becomes of a group of snapshots.</summary>
/// <param name="Keep">Newer before older.</param>
/// <param name="Remove">Newer before older.</param>
public sealed record ForgetGroup(SnapshotGroupKey Key, IReadOnlyList<KeptSnapshot> Keep, IReadOnlyList<StoredSnapshot> Remove);
