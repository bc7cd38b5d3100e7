namespace Kedge.Vault.Tags;

/// <summary>What becomes of a snapshot's tags: others instead, or some more and some less.</summary>
public sealed record TagChange
{
    /// <summary>These instead of all others, none if it is empty; null to add and remove.</summary>
    public IReadOnlyList<string>? Set { get; init; }

    public IReadOnlyList<string> Add { get; init; } = [];

    /// <summary>After the others were added.</summary>
    public IReadOnlyList<string> Remove { get; init; } = [];

    /// <exception cref="VaultException"><see cref="VaultFault.Misuse"/> where it changes nothing, or both sets and adds.</exception>
    internal void Demand()
    {
        if (Set is null && Add.Count + Remove.Count == 0)
        {
            throw new VaultException(VaultFault.Misuse, "no tags were given", "Say which to --add, to --remove or to --set.");
        }

        if (Set is not null && Add.Count + Remove.Count > 0)
        {
            throw new VaultException(VaultFault.Misuse, "tags are either set, or added and removed");
        }
    }

    /// <returns>Null where nothing changes.</returns>
    internal IReadOnlyList<string>? Apply(IReadOnlyList<string> tags)
    {
        List<string> changed = [.. (Set ?? tags.Concat(Add.Except(tags)).Except(Remove)).Distinct()];
        return changed.SequenceEqual(tags) ? null : changed;
    }
}
