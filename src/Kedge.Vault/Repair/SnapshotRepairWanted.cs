using Kedge.Vault.Format;
using Kedge.Vault.Upkeep;

namespace Kedge.Vault.Repair;

/// <summary>Which snapshots to repair, and how.</summary>
public sealed record SnapshotRepairWanted
{
    /// <summary>The tag that a repaired snapshot bears, as in restic.</summary>
    public const string Tag = "repaired";

    /// <summary>The snapshots; null for all.</summary>
    public IReadOnlyCollection<ObjectId>? Snapshots { get; init; }

    /// <summary>Keep what is left of files of which a part is lost, as restic does: the lost parts are taken out, and the file is
    /// shorter by them. Otherwise such a file is left out: no file of a repaired snapshot differs from what was backed up.</summary>
    public bool KeepPartialFiles { get; init; }

    /// <summary>Remove the snapshots that were repaired, and those of which nothing is left.</summary>
    public bool Forget { get; init; }

    /// <summary>Say what would be dropped, and change nothing.</summary>
    public bool DryRun { get; init; }

    /// <summary>No more losses than this are listed of each snapshot.</summary>
    public int MaximumLosses { get; init; } = 1000;

    public UpkeepProgress Progress { get; init; } = new();
}

/// <summary>What became of the snapshots that were looked at.</summary>
public sealed record SnapshotRepairOutcome
{
    /// <summary>Those of which something is lost, the oldest first.</summary>
    public required IReadOnlyList<RepairedSnapshot> Repaired { get; init; }

    /// <summary>How many are whole by the index and the folders that were read, and stay as they are. The data of files are not read.</summary>
    public required int Whole { get; init; }

    /// <summary>Snapshot files that cannot be read. They stay; 'forget' removes them.</summary>
    public required IReadOnlyList<ObjectId> Unreadable { get; init; }
}

/// <summary>A snapshot of which something is lost.</summary>
/// <param name="New">The snapshot with what is left; null where nothing is, or in a dry run.</param>
/// <param name="IsLost">Whether nothing is left of it.</param>
/// <param name="IsCut">Whether there are more losses than are listed.</param>
public sealed record RepairedSnapshot(
    ObjectId Id, SnapshotFile Snapshot, ObjectId? New, bool IsLost, IReadOnlyList<PathLoss> Losses, bool IsCut);

/// <summary>Something that a repaired snapshot lacks.</summary>
/// <param name="Path">As bytes, with slashes, from the snapshot's root on.</param>
/// <param name="What">One line, without the path.</param>
public sealed record PathLoss(byte[] Path, string What)
{
    /// <summary>The path for people: bytes that are no text are shown as \xHH.</summary>
    public override string ToString() => Vault.Files.PathText.Of(Path);
}
