namespace Kedge.Vault.Snapshots;

/// <summary>By what snapshots are put together, as restic's <c>--group-by</c> has it.</summary>
public sealed record SnapshotGrouping(bool Host, bool Paths, bool Tags)
{
    /// <summary>By host and paths.</summary>
    public static SnapshotGrouping Usual { get; } = new(Host: true, Paths: true, Tags: false);

    /// <summary>From "host,paths,tags" or a part of it; the empty text puts all into one group.</summary>
    /// <exception cref="VaultException"><see cref="VaultFault.Misuse"/>.</exception>
    public static SnapshotGrouping Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var grouping = new SnapshotGrouping(false, false, false);
        foreach (var word in text.Split(','))
        {
            grouping = word switch
            {
                "host" or "hosts" => grouping with { Host = true },
                "path" or "paths" => grouping with { Paths = true },
                "tag" or "tags" => grouping with { Tags = true },
                "" => grouping,
                _ => throw new VaultException(VaultFault.Misuse, $"snapshots cannot be grouped by {Files.PathText.Of(System.Text.Encoding.UTF8.GetBytes(word))}", "Known are host, paths and tags, with commas between them."),
            };
        }

        return grouping;
    }

    /// <summary>Groups in the order of their keys, each with its snapshots in the order in which they were given.</summary>
    public IReadOnlyList<SnapshotGroup> Apply(IEnumerable<StoredSnapshot> snapshots) =>
    [
        .. snapshots.GroupBy(snapshot => SnapshotGroupKey.Of(snapshot.File, this))
            .Select(group => new SnapshotGroup(group.Key, [.. group]))
            .OrderBy(group => group.Key),
    ];

    public override string ToString() =>
        string.Join(',', new[] { Host ? "host" : "", Paths ? "paths" : "", Tags ? "tags" : "" }.Where(word => word.Length > 0));
}
