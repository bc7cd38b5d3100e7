using Kedge.Vault.Snapshots;

namespace Kedge.Vault.Forget;

/// <summary>A snapshot that is kept.</summary>
/// <param name="Reasons">In restic's words: "last snapshot", "daily snapshot", "oldest weekly snapshot", "within 1y", "has tags [a]".</param>
/// <param name="Counters">What was left of the policy's numbers after it.</param>
public sealed record KeptSnapshot(StoredSnapshot Snapshot, IReadOnlyList<string> Reasons, KeepCounters Counters);
