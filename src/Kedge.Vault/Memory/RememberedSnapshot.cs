using Kedge.Vault.Format;

namespace Kedge.Vault.Memory;

/// <summary>The newest snapshot of a group that a client knows of.</summary>
/// <param name="Original">What it was rewritten from.</param>
/// <param name="KnownAt">The number of the event by which it was there.</param>
/// <param name="StoredAfter">The number of an event before which it surely was not there; 0 where that is not known.</param>
internal sealed record RememberedSnapshot(
    ObjectId Id, ObjectId? Original, string Hostname, IReadOnlyList<string> Paths, GoTime Time, long KnownAt, long StoredAfter)
{
    internal static RememberedSnapshot Of(ObjectId id, SnapshotFile file, long knownAt, long storedAfter) =>
        new(id, file.Original, file.Hostname, [.. file.Paths.Order(StringComparer.Ordinal)], file.Time, knownAt, storedAfter);

    internal bool IsOfGroup(SnapshotFile file) =>
        Hostname == file.Hostname && Paths.SequenceEqual(file.Paths.Order(StringComparer.Ordinal));

    internal bool IsOfGroup(RememberedSnapshot other) => Hostname == other.Hostname && Paths.SequenceEqual(other.Paths);

    /// <summary>Whether it is there, perhaps with other tags and so under another id.</summary>
    /// <param name="originals">From what others were rewritten.</param>
    internal bool IsAmong(HashSet<ObjectId> ids, HashSet<ObjectId> originals) =>
        ids.Contains(Id) || originals.Contains(Id) || (Original is { } original && originals.Contains(original));

    public override string ToString() => $"{Id.Short} of host {Hostname}, path [{string.Join(' ', Paths)}], of {Time}";
}
