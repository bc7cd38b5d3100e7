using Kedge.Vault.Files;
using Kedge.Vault.Format;

namespace Kedge.Vault.Backup;

/// <summary>
/// Decides that a file need not be read again: same size, times of change and inode as in an earlier snapshot, whose
/// pieces the vault still has. ctime counts since nobody can set it back.
/// </summary>
internal static class UnchangedFile
{
    /// <param name="kept">Its node, as it shall stand in the new tree.</param>
    internal static bool TryKeep(ReadOnlyMemory<byte> old, in FileStatus status, BackupCrew crew, BackupHand hand, out NodeEntry kept)
    {
        kept = default;
        var node = hand.ParseNode(old);
        if (node.Kind != NodeKind.File || status.Kind != FileKind.File || node.Size != status.Size
            || (node.Inode != status.Inode && !crew.Wanted.IgnoreInode)
            || !Same(node.ModifiedAt, status.ModificationTime)
            || (!Same(node.ChangedAt, status.ChangeTime) && !crew.Wanted.IgnoreChangeTime))
        {
            return false;
        }

        foreach (var piece in node.Content)
        {
            if (!crew.Session.Has(new(BlobKind.Data, piece)))
            {
                return false;
            }
        }

        crew.Wanted.Progress.Found(status.Size);
        crew.Wanted.Progress.Done(status.Size);
        crew.Wanted.Progress.FileDone();
        BackupTally.Count(ref crew.Tally.FilesUnmodified);
        Interlocked.Add(ref crew.Tally.Bytes, status.Size);
        if (crew.Wanted.WithAccessTime && !Same(node.AccessedAt, status.AccessTime))
        {
            node.AccessedAt = NodeMaker.TimeOf(status.AccessTime);
            kept = hand.Write(node);
        }
        else
        {
            kept = new(node.Name.ToArray(), old);
        }

        return true;
    }

    private static bool Same(GoTime stored, FileTime seen) => stored.UnixSeconds == seen.Seconds && stored.Nanoseconds == seen.Nanoseconds;
}
