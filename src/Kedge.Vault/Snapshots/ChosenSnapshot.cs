namespace Kedge.Vault.Snapshots;

/// <summary>The snapshot that somebody asked for.</summary>
/// <param name="Subfolder">The path in it that was asked for; empty for all of it.</param>
/// <param name="Damaged">What could not be read while the latest one was looked for, and might have been it. To be reported.</param>
public sealed record ChosenSnapshot(StoredSnapshot Snapshot, string Subfolder, IReadOnlyList<DamagedSnapshot> Damaged);
