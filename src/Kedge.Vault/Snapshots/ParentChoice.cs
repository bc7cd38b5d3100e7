using Kedge.Vault.Backup;
using Kedge.Vault.Format;

namespace Kedge.Vault.Snapshots;

/// <summary>Chooses the snapshot with which a backup compares what it finds, so that unchanged files are not read again.</summary>
public static class ParentChoice
{
    /// <summary>
    /// As restic: the newest snapshot of the same host that has all paths of the backup that exist (and, when grouped by tags, all its
    /// tags), and is not of a later time than the backup.
    /// </summary>
    /// <param name="snapshots">In any order.</param>
    /// <param name="grouping">What has to be the same; usually host and paths.</param>
    /// <param name="now">Snapshots that claim to be of a time more than a day later do not count.</param>
    /// <returns>Null where there is none: everything is read.</returns>
    public static StoredSnapshot? For(BackupWanted wanted, IEnumerable<StoredSnapshot> snapshots, SnapshotGrouping grouping, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        ArgumentNullException.ThrowIfNull(snapshots);
        ArgumentNullException.ThrowIfNull(grouping);
        var filter = new SnapshotFilter
        {
            Hosts = grouping.Host ? [wanted.Hostname] : [],
            Paths = grouping.Paths ? [.. wanted.Paths.Where(p => wanted.Stream is not null || BackupTargets.MayExist(p)).Select(BackupTargets.AbsoluteText)] : [],
            Tags = grouping.Tags ? [new(wanted.Tags)] : [],
        };
        var limit = GoTime.From(wanted.Time ?? (now + SnapshotChoice.ClockDifference));
        return snapshots.Where(s => s.File.Time <= limit && filter.Matches(s.File)).Order(Comparer<StoredSnapshot>.Create(StoredSnapshot.NewerFirst)).FirstOrDefault();
    }
}
