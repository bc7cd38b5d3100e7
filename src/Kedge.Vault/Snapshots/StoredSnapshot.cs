using Kedge.Vault.Format;

namespace Kedge.Vault.Snapshots;

/// <summary>A snapshot that is in the vault. Its id changes with every rewriting, as by a change of tags.</summary>
public sealed record StoredSnapshot(ObjectId Id, SnapshotFile File)
{
    /// <summary>Older before newer; of the same time, by id.</summary>
    internal static int OlderFirst(StoredSnapshot one, StoredSnapshot other)
    {
        var order = one.File.Time.CompareTo(other.File.Time);
        return order != 0 ? order : one.Id.CompareTo(other.Id);
    }

    internal static int NewerFirst(StoredSnapshot one, StoredSnapshot other)
    {
        var order = other.File.Time.CompareTo(one.File.Time);
        return order != 0 ? order : one.Id.CompareTo(other.Id);
    }
}
