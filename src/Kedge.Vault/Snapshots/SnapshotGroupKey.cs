using Kedge.Vault.Format;

namespace Kedge.Vault.Snapshots;

/// <summary>What the snapshots of a group have in common. What they were not grouped by is null.</summary>
public sealed class SnapshotGroupKey : IEquatable<SnapshotGroupKey>, IComparable<SnapshotGroupKey>
{
    private SnapshotGroupKey(string? hostname, IReadOnlyList<string>? paths, IReadOnlyList<string>? tags) =>
        (Hostname, Paths, Tags) = (hostname, paths, tags);

    public string? Hostname { get; }

    /// <summary>In order.</summary>
    public IReadOnlyList<string>? Paths { get; }

    /// <summary>In order.</summary>
    public IReadOnlyList<string>? Tags { get; }

    public static SnapshotGroupKey Of(SnapshotFile snapshot, SnapshotGrouping grouping)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(grouping);
        return new(
            grouping.Host ? snapshot.Hostname : null,
            grouping.Paths ? [.. snapshot.Paths.Order(StringComparer.Ordinal)] : null,
            grouping.Tags ? [.. snapshot.Tags.Order(StringComparer.Ordinal)] : null);
    }

    public bool Equals(SnapshotGroupKey? other) => CompareTo(other) == 0;

    public override bool Equals(object? obj) => Equals(obj as SnapshotGroupKey);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var text in (Paths ?? []).Concat(Tags ?? []).Prepend(Hostname ?? ""))
        {
            hash.Add(text, StringComparer.Ordinal);
        }

        return hash.ToHashCode();
    }

    public int CompareTo(SnapshotGroupKey? other)
    {
        if (other is null)
        {
            return 1;
        }

        var order = string.CompareOrdinal(Hostname, other.Hostname);
        order = order != 0 ? order : Compare(Paths ?? [], other.Paths ?? []);
        return order != 0 ? order : Compare(Tags ?? [], other.Tags ?? []);
    }

    /// <summary>"host a, path [/b /c], tags [d]", as restic has it.</summary>
    public override string ToString() => string.Join(", ", new[]
    {
        string.IsNullOrEmpty(Hostname) ? "" : $"host {Hostname}",
        Paths is { Count: > 0 } ? $"path [{string.Join(' ', Paths)}]" : "",
        Tags is { Count: > 0 } ? $"tags [{string.Join(' ', Tags)}]" : "",
    }.Where(part => part.Length > 0));

    private static int Compare(IReadOnlyList<string> one, IReadOnlyList<string> other)
    {
        for (var i = 0; i < Math.Min(one.Count, other.Count); i++)
        {
            if (string.CompareOrdinal(one[i], other[i]) is not 0 and var order)
            {
                return order;
            }
        }

        return one.Count.CompareTo(other.Count);
    }
}
