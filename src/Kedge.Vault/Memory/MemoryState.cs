using Kedge.Vault.Format;

namespace Kedge.Vault.Memory;

/// <summary>What a client remembers of a vault.</summary>
internal sealed record MemoryState
{
    /// <summary>More than this is forgotten, the oldest first.</summary>
    internal const int MostGroups = 10_000, MostRemoved = 2_000;

    internal static MemoryState Empty { get; } = new();

    /// <summary>How many events there were: looks at all snapshots, and snapshots written.</summary>
    internal long Sequence { get; init; }

    /// <summary>The last event that was surely before all snapshots were listed last, or that listing itself; 0 for never.</summary>
    internal long ListedAt { get; init; }

    /// <summary>One a group.</summary>
    internal IReadOnlyList<RememberedSnapshot> Newest { get; init; } = [];

    /// <summary>Snapshots that this client is about to remove, or was when it ended. They may be there or not.</summary>
    internal IReadOnlyList<ObjectId> Leaving { get; init; } = [];

    /// <summary>Snapshots that this client has removed.</summary>
    internal IReadOnlyList<ObjectId> Removed { get; init; } = [];

    /// <summary>Keys that this client has removed.</summary>
    internal IReadOnlyList<ObjectId> RemovedKeys { get; init; } = [];

    internal MemoryState Announce(IReadOnlyCollection<ObjectId> snapshots) => this with
    {
        Newest = [.. Newest.Where(s => !snapshots.Contains(s.Id))],
        Leaving = Bounded(Leaving.Union(snapshots)),
    };

    internal MemoryState WithRemoved(IReadOnlyCollection<ObjectId> snapshots) => Announce(snapshots) with
    {
        Leaving = [.. Leaving.Except(snapshots)],
        Removed = Bounded(Removed.Union(snapshots)),
    };

    internal MemoryState WithRemovedKey(ObjectId key) => this with { RemovedKeys = Bounded(RemovedKeys.Append(key).Distinct()) };

    /// <summary>The newest of its group, unless a newer one is known.</summary>
    internal MemoryState WithNewest(RememberedSnapshot snapshot)
    {
        var known = Newest.FirstOrDefault(s => s.IsOfGroup(snapshot));
        return snapshot.Id == known?.Id || snapshot.Time < known?.Time || Leaving.Contains(snapshot.Id) || Removed.Contains(snapshot.Id)
            ? this
            : this with { Newest = [.. Newest.Where(s => s != known).Append(snapshot).OrderByDescending(s => s.KnownAt).Take(MostGroups)] };
    }

    private static List<ObjectId> Bounded(IEnumerable<ObjectId> ids) => [.. ids.TakeLast(MostRemoved)];
}
