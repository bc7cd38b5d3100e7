using Kedge.Vault.Format;
using Kedge.Vault.Snapshots;

namespace Kedge.Vault.Memory;

/// <summary>Holds what a vault has against what a client remembers of it.</summary>
/// <param name="Gone">Remembered, missing, and not explained: the vault may have been put back as a whole.</param>
/// <param name="Taken">Remembered and missing, although something is there that was stored later: somebody removed just these.</param>
/// <param name="Back">Removed by this client, and there again.</param>
internal sealed record MemoryJudgement(IReadOnlyList<RememberedSnapshot> Gone, IReadOnlyList<RememberedSnapshot> Taken, IReadOnlyList<ObjectId> Back)
{
    internal bool IsRolledBack => Gone.Count + Back.Count > 0;

    /// <param name="now">Snapshots that claim to be of a time more than a day later prove nothing.</param>
    internal static MemoryJudgement Of(MemoryState state, SnapshotList list, DateTimeOffset now)
    {
        var believable = GoTime.From(now + SnapshotChoice.ClockDifference);
        var ids = list.Snapshots.Select(s => s.Id).Concat(list.Damaged.Select(d => d.Id)).ToHashSet();
        var originals = list.Snapshots.Select(s => s.File.Original).OfType<ObjectId>().ToHashSet();
        var present = state.Newest.Where(s => s.IsAmong(ids, originals)).ToHashSet();
        // Who removes the newest snapshot of a group by a policy leaves a newer one.
        var missing = state.Newest.Where(s => !present.Contains(s)
            && !list.Snapshots.Any(other => s.IsOfGroup(other.File) && other.File.Time > s.Time && other.File.Time <= believable)).ToList();
        var taken = missing.Where(s => present.Any(later => later.StoredAfter >= s.KnownAt)).ToList();
        return new([.. missing.Except(taken)], taken, [.. state.Removed.Where(ids.Contains)]);
    }
}
