using Kedge.Vault.Format;
using Kedge.Vault.Upkeep;

namespace Kedge.Vault.Copy;

/// <summary>Finds the copies of snapshots that a vault has already, as restic does: by what they were copied from, and by being the same.</summary>
internal sealed class EarlierCopies
{
    private readonly ILookup<ObjectId, (ObjectId Id, SnapshotFile File)> byOrigin;

    internal EarlierCopies(SnapshotSet target) => byOrigin = target.Snapshots.ToLookup(s => s.File.Original ?? s.Id);

    /// <returns>Null where there is none.</returns>
    internal ObjectId? Find(ObjectId id, SnapshotFile file)
    {
        foreach (var other in byOrigin[file.Original ?? id])
        {
            if (IsSame(other.File, file))
            {
                return other.Id;
            }
        }

        return null;
    }

    private static bool IsSame(SnapshotFile a, SnapshotFile b) =>
        a.Time == b.Time && a.Tree == b.Tree && a.Hostname == b.Hostname && a.Username == b.Username && a.UserId == b.UserId && a.GroupId == b.GroupId
        && a.Paths.SequenceEqual(b.Paths) && a.Excludes.SequenceEqual(b.Excludes) && a.Tags.SequenceEqual(b.Tags);
}
