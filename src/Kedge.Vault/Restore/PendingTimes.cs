using Kedge.Vault.Files;

namespace Kedge.Vault.Restore;

/// <summary>
/// The times that restored files shall have. They get them once their content is on the disk, and have that of their
/// writing before: after a power failure no file that is not whole has the snapshot's time, by which <see cref="Overwrite.IfChanged"/>
/// and other programs would take it for the snapshot's.
/// </summary>
/// <remarks>Used by one thread at a time.</remarks>
internal sealed class PendingTimes(RestoreCrew crew)
{
    /// <summary>So many are kept before the disk is waited for: some 12 MB of memory, and a single wait for most trees.</summary>
    private const int MostFiles = 100_000;

    /// <summary>The same in bytes of content: who interrupts a restore of large files does not want all of them compared again.</summary>
    private const long MostBytes = 16L << 30;

    private const int FilesAtOnce = 1_000;

    private readonly List<PendingTime> pending = [];
    private long bytes;

    /// <summary>Whether it is time to <see cref="Settle"/>.</summary>
    internal bool AreMany => pending.Count >= MostFiles || bytes >= MostBytes;

    /// <param name="file">Finished, and whole. Files of one folder should come after one another.</param>
    internal void Add(RestoreFile file)
    {
        var (accessed, modified) = file.Metadata.Times;
        pending.Add(new(file.Folder, file.Name, file.Identity, accessed, modified));
        bytes += file.Size;
    }

    /// <summary>Waits until all that was written is on the disk, and gives them.</summary>
    /// <exception cref="VaultException">The disk could not write it.</exception>
    internal void Settle()
    {
        if (pending.Count == 0)
        {
            return;
        }

        crew.Disks.Sync();
        crew.Run([.. Enumerable.Range(0, (pending.Count + FilesAtOnce - 1) / FilesAtOnce).Select(n => new TimesWork(pending, n * FilesAtOnce))]);
        pending.Clear();
        bytes = 0;
    }

    private sealed class TimesWork(List<PendingTime> pending, int from) : RestoreWork
    {
        internal override void Do(RestoreHand hand)
        {
            for (var i = from; i < Math.Min(from + FilesAtOnce, pending.Count); i++)
            {
                var error = hand.Folders.Open(pending[i].Folder, out var folder);
                error = error == Errno.None ? pending[i].Give(folder) : error;
                if (error != Errno.None)
                {
                    hand.Crew.Tell(pending[i].Folder.PathOf(pending[i].Name), $"cannot set the times: {error.Words()}");
                }
            }
        }
    }

    /// <param name="Identity">Which file it is, should somebody have put something else in its place.</param>
    private readonly record struct PendingTime(RestoreFolder Folder, byte[] Name, (ulong Inode, ulong Device) Identity, FileTime Accessed, FileTime Modified)
    {
        internal Errno Give(FolderHandle folder)
        {
            var error = folder.HoldEntry(Name, out var entry, out var now);
            using (entry)
            {
                error = error == Errno.None && (now.Inode, now.Device) != Identity ? Errno.Moved : error;
                return error == Errno.None ? entry.SetTimes(Accessed, Modified) : error;
            }
        }
    }
}
