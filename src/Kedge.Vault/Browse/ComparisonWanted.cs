namespace Kedge.Vault.Browse;

/// <summary>What two snapshots are compared for.</summary>
public sealed record ComparisonWanted
{
    /// <summary>Also changes that are none of content.</summary>
    public bool Metadata { get; init; }

    /// <summary>Told of folders that cannot be read in one of the two; the rest is compared. Where it is null, the first one ends it.</summary>
    public Action<UnreadableFolder>? OnUnreadable { get; init; }
}
