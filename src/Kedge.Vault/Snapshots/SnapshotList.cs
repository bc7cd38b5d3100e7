namespace Kedge.Vault.Snapshots;

/// <summary>Snapshots of a vault.</summary>
/// <param name="Snapshots">Older before newer.</param>
/// <param name="Damaged">What could not be read, and so may or may not have belonged to them. To be reported.</param>
public sealed record SnapshotList(IReadOnlyList<StoredSnapshot> Snapshots, IReadOnlyList<DamagedSnapshot> Damaged)
{
    /// <summary>Whether a filter was given that had no effect, because snapshots were named one by one. To be reported.</summary>
    public bool FilterWasIgnored { get; init; }
}
