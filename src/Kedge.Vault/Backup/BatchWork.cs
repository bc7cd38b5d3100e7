using Kedge.Vault.Files;

namespace Kedge.Vault.Backup;

/// <summary>Some entries of a folder that are no folders themselves.</summary>
internal sealed class BatchWork(FolderUnit folder, ChosenEntries entries, int[] indexes, OldTree old) : BackupWork
{
    /// <summary>So many files are open before their turn, so that the disk is busy with them while the processors are with others.</summary>
    private const int Ahead = 4;

    internal override void Do(BackupCrew crew, BackupHand hand)
    {
        var open = new Queue<FileUnit>(Ahead + 1);
        try
        {
            foreach (var index in indexes)
            {
                crew.Stopping.ThrowIfCancellationRequested();
                var name = entries.NameOf(index);
                if (entries.KindOf(index) is not (FileKind.File or FileKind.Unknown))
                {
                    DoOther(index, name, crew, hand);
                }
                else if (Open(index, name, crew, hand) is { } file)
                {
                    file.ReadAhead();
                    open.Enqueue(file);
                    if (open.Count > Ahead)
                    {
                        FileUnit.Begin(open.Dequeue(), crew, hand);
                    }
                }
            }

            while (open.TryDequeue(out var file))
            {
                FileUnit.Begin(file, crew, hand);
            }
        }
        finally
        {
            foreach (var file in open)
            {
                file.GiveUp();
            }
        }
    }

    /// <returns>Null where nothing is to be read: it is unchanged, left out, or cannot be opened.</returns>
    private FileUnit? Open(int index, ReadOnlySpan<byte> name, BackupCrew crew, BackupHand hand)
    {
        if (crew.Wanted.LargestFile is { } largest && folder.Handle.StatusOf(name, out var size) == Errno.None && size.Size > largest)
        {
            folder.Opened();
            folder.Finished(index, null, crew, hand);
            return null;
        }

        var before = old.RawOf(name);
        if (!before.IsEmpty && !crew.Wanted.ReadAll && folder.Handle.StatusOf(name, out var seen) == Errno.None
            && UnchangedFile.TryKeep(before, seen, crew, hand, out var kept))
        {
            folder.Opened();
            crew.TellAct(BackupAct.Unchanged, folder, name, seen.Size);
            folder.Finished(index, kept, crew, hand);
            return null;
        }

        var error = folder.Handle.OpenFile(name, out var file, out var status);
        folder.Opened();
        if (error != Errno.None)
        {
            Lose(index, name, $"cannot open: {error.Words()}", crew, hand);
            return null;
        }

        BackupTally.Count(ref before.IsEmpty ? ref crew.Tally.FilesNew : ref crew.Tally.FilesChanged);
        crew.Wanted.Progress.Found(status.Size);
        return new(folder, index, name, file, status) { Act = before.IsEmpty ? BackupAct.New : BackupAct.Changed };
    }

    private void DoOther(int index, ReadOnlySpan<byte> name, BackupCrew crew, BackupHand hand)
    {
        var error = folder.Handle.HoldEntry(name, out var entry, out var status);
        if (error != Errno.None)
        {
            folder.Opened();
            Lose(index, name, $"cannot look at it: {error.Words()}", crew, hand);
            return;
        }

        using (entry)
        {
            var node = hand.NodeOf(folder, name, status, entry);
            if (status.Kind == FileKind.Link)
            {
                error = folder.Handle.ReadLink(name, out var target);
                node.LinkTarget = target;
            }

            folder.Opened();
            if (error != Errno.None)
            {
                Lose(index, name, $"cannot read the link: {error.Words()}", crew, hand);
                return;
            }

            folder.Finished(index, hand.Write(node), crew, hand);
        }
    }

    private void Lose(int index, ReadOnlySpan<byte> name, string what, BackupCrew crew, BackupHand hand)
    {
        crew.Tell(folder.PathOf(name), what, isLost: true);
        folder.Finished(index, null, crew, hand);
    }
}
