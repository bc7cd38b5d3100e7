namespace Kedge.Vault.Snapshots;

/// <summary>Snapshots that belong together.</summary>
public sealed record SnapshotGroup(SnapshotGroupKey Key, IReadOnlyList<StoredSnapshot> Snapshots);
