using Kedge.Vault.Snapshots;

namespace Kedge.Vault.Browse;

/// <summary>An entry that was looked for, in one of the snapshots that have it.</summary>
public sealed record FoundEntry(StoredSnapshot Snapshot, ListedEntry Entry);
