using Kedge.Vault.Snapshots;

namespace Kedge.Vault.Forget;

/// <summary>Which snapshots are to be forgotten.</summary>
public sealed record ForgetWanted
{
    public required ForgetPolicy Policy { get; init; }

    /// <summary>The policy is applied to each group for itself.</summary>
    public SnapshotGrouping Grouping { get; init; } = SnapshotGrouping.Usual;

    /// <summary>What is not let through is left alone.</summary>
    public SnapshotFilter Filter { get; init; } = SnapshotFilter.None;

    /// <summary>Lets an empty policy remove everything that a filter lets through (restic's --unsafe-allow-remove-all).</summary>
    public bool AllowRemovingAll { get; init; }
}
