using Kedge.Vault.Format;

namespace Kedge.Vault.Snapshots;

/// <summary>Which snapshots are meant, as restic's <c>--host</c>, <c>--tag</c> and <c>--path</c> say it. All three have to fit.</summary>
public sealed record SnapshotFilter
{
    /// <summary>Lets everything through.</summary>
    public static SnapshotFilter None { get; } = new();

    /// <summary>One of them; any, where there are none.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>One of the lists has to be fulfilled; any snapshot does, where there are none.</summary>
    public IReadOnlyList<TagList> Tags { get; init; } = [];

    /// <summary>Absolute. The snapshot has to have all of them, and may have more.</summary>
    public IReadOnlyList<string> Paths { get; init; } = [];

    public bool IsEmpty => Hosts.Count + Tags.Count + Paths.Count == 0;

    public bool Matches(SnapshotFile snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return (Hosts.Count == 0 || Hosts.Contains(snapshot.Hostname))
            && (Tags.Count == 0 || Tags.Any(list => list.IsFulfilledBy(snapshot.Tags)))
            && Paths.All(snapshot.Paths.Contains);
    }

    /// <summary>For messages, as the end of "no snapshot": " of the host a with the tags [b] and the path /c".</summary>
    public override string ToString()
    {
        var host = Hosts.Count == 0 ? "" : $" of the host {string.Join(" or ", Hosts)}";
        List<string> rest = [];
        if (Tags.Count > 0)
        {
            rest.Add($"the tags {string.Join(" or ", Tags)}");
        }

        if (Paths.Count > 0)
        {
            rest.Add($"the path {string.Join(" and ", Paths)}");
        }

        return rest.Count == 0 ? host : $"{host} with {string.Join(" and ", rest)}";
    }
}
