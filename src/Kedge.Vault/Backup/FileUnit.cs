using Kedge.Vault.Chunking;
using Kedge.Vault.Files;

namespace Kedge.Vault.Backup;

/// <summary>A regular file while it is being backed up.</summary>
internal sealed class FileUnit : ContentUnit
{
    /// <summary>From this many bytes on several threads share a file.</summary>
    private const long WorthSharing = 8 << 20;

    /// <summary>From this many bytes on a file is read past the page cache.</summary>
    private const long WorthReadingDirectly = 1 << 20;

    private readonly FolderUnit folder;
    private readonly int index;
    private readonly byte[] name;
    private readonly FileStatus atFirst;
    private readonly DirectReader? direct;

    internal FileUnit(FolderUnit folder, int index, ReadOnlySpan<byte> name, FileHandle file, in FileStatus status)
    {
        (this.folder, this.index, File, atFirst) = (folder, index, file, status);
        this.name = name.ToArray();
        direct = status.Size >= WorthReadingDirectly ? new(file, status.Size) : null;
    }

    internal FileHandle File { get; }

    internal BackupAct Act { get; init; }

    /// <summary>As many bytes as it had when it was opened; what is added later belongs to the next backup.</summary>
    internal override long Size => atFirst.Size;

    private bool HasHoles => atFirst.Size > CutSizes.Hole && atFirst.AllocatedBytes < atFirst.Size - (1 << 20);

    /// <summary>Has the disk begin with what will be read soon.</summary>
    internal void ReadAhead()
    {
        if (direct is null && Size > 0)
        {
            File.BeginReading(Size);
        }
    }

    /// <summary>Closes what was not begun.</summary>
    internal void GiveUp()
    {
        direct?.Dispose();
        File.Dispose();
    }

    internal static void Begin(FileUnit unit, BackupCrew crew, BackupHand hand)
    {
        if (unit.Size >= WorthSharing)
        {
            Span<byte> head = stackalloc byte[PagedFile.HeadSize];
            if (!unit.HasHoles && unit.File.ReadOnce(head, 0, out var read) == Errno.None && PagedFile.Recognize(head[..read]) is { } layout)
            {
                PagedExtents.Begin(unit, layout, crew);
                return;
            }
        }

        unit.Expect(1);
        if (unit.HasHoles)
        {
            ContentCutting.CutBetweenHoles(unit, crew, hand);
        }
        else
        {
            ContentCutting.Cut(unit, 0, unit.Size, shares: unit.Size >= WorthSharing, crew, hand);
        }

        unit.PartDone(crew, hand);
    }

    internal override Errno Read(Span<byte> room, int wanted, long offset, out int read) =>
        direct is null ? File.Read(room[..wanted], offset, out read) : direct.Read(room, wanted, offset, out read);

    protected override void Finish(BackupCrew crew, BackupHand hand)
    {
        using (direct)
        using (File)
        {
            var error = Failure;
            if (error == Errno.None)
            {
                error = File.Status(out var atLast);
                if (error == Errno.None)
                {
                    Deliver(atLast, crew, hand);
                    return;
                }
            }

            crew.Tell(folder.PathOf(name), $"cannot read: {error.Words()}", isLost: true);
            folder.Finished(index, null, crew, hand);
        }
    }

    private void Deliver(in FileStatus atLast, BackupCrew crew, BackupHand hand)
    {
        if (atLast.Size != atFirst.Size || atLast.ModificationTime != atFirst.ModificationTime || atLast.ChangeTime != atFirst.ChangeTime)
        {
            crew.Tell(folder.PathOf(name), "changed while it was read", isLost: false);
        }

        // The times of before: what changed meanwhile is read again by the next backup.
        var node = hand.NodeOf(folder, name, atFirst, File);
        node.Size = Length;
        node.Content.AddRange(Pieces);
        crew.Wanted.Progress.FileDone();
        Interlocked.Add(ref crew.Tally.Bytes, Length);
        crew.TellAct(Act, folder, name, Length);
        folder.Finished(index, hand.Write(node), crew, hand);
    }
}
