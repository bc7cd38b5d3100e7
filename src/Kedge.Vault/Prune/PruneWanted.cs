using Kedge.Vault.Format;
using Kedge.Vault.Upkeep;

namespace Kedge.Vault.Prune;

/// <summary>How to prune.</summary>
public sealed record PruneWanted
{
    /// <summary>What a machine that sleeps at night sleeps at most, and short of a day, so that a daily prune finishes what the one before began.</summary>
    public static readonly TimeSpan DefaultGrace = TimeSpan.FromHours(23);

    /// <summary>How long a pack stays after it was marked and taken from the index: so long may the sleep of a machine last
    /// whose restic is older than 0.15 and wakes up in the middle of a backup.</summary>
    public TimeSpan Grace { get; init; } = DefaultGrace;

    /// <summary>Remove at once what is not needed, as restic does; takes an exclusive lock.</summary>
    public bool Instant { get; init; }

    public UnusedLimit MaxUnused { get; init; } = UnusedLimit.Default;

    /// <summary>No more bytes of packs than this are repacked in one go; null for no limit.</summary>
    public long? MaxRepackBytes { get; init; }

    /// <summary>Merge small packs once there are enough of them for a full one.</summary>
    public bool MergeSmallPacks { get; init; } = true;

    /// <summary>Say what would be done, and do nothing.</summary>
    public bool DryRun { get; init; }

    /// <summary>For a dry run: snapshots that count as removed already, though they are still there.</summary>
    public IReadOnlyCollection<ObjectId> Forgotten { get; init; } = [];

    /// <summary>Called for what did not go as planned, as one line.</summary>
    public Action<string>? OnProblem { get; init; }

    public UpkeepProgress Progress { get; init; } = new();
}
