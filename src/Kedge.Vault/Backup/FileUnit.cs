using Kedge.Vault.Chunking;
using Kedge.Vault.Files;
using Kedge.Vault.Format;

namespace Kedge.Vault.Backup;

/// <summary>A regular file while it is being backed up: gathers its pieces, in whatever order they come.</summary>
internal sealed class FileUnit
{
    /// <summary>From this many bytes on several threads share a file.</summary>
    private const long WorthSharing = 8 << 20;

    private readonly FolderUnit folder;
    private readonly int index;
    private readonly byte[] name;
    private readonly FileStatus atFirst;
    private readonly Lock gate = new();
    private ObjectId[] pieces = [];
    private int count;
    private long length;
    private int unfinished;
    private Errno failure;

    internal FileUnit(FolderUnit folder, int index, ReadOnlySpan<byte> name, FileHandle file, in FileStatus status)
    {
        (this.folder, this.index, File, atFirst) = (folder, index, file, status);
        this.name = name.ToArray();
    }

    internal FileHandle File { get; }

    internal BackupAct Act { get; init; }

    /// <summary>As many bytes as it had when it was opened; what is added later belongs to the next backup.</summary>
    internal long Size => atFirst.Size;

    private bool HasHoles => atFirst.Size > CutSizes.Hole && atFirst.AllocatedBytes < atFirst.Size - (1 << 20);

    internal static void Begin(FileUnit unit, BackupCrew crew, BackupHand hand)
    {
        if (unit.Size >= WorthSharing)
        {
            Span<byte> head = stackalloc byte[PagedFile.HeadSize];
            if (!unit.HasHoles && unit.File.ReadOnce(head, 0, out var read) == Errno.None && PagedFile.Recognize(head[..read]) is { } layout)
            {
                unit.File.Advise(0, 0, ReadAdvice.Sequential);
                PagedExtents.Begin(unit, layout, crew);
                return;
            }
        }

        unit.Expect(1);
        if (unit.Size >= WorthSharing)
        {
            unit.File.Advise(0, 0, ReadAdvice.Sequential);
        }

        ContentCutting.Cut(unit, unit.HasHoles, shares: unit.Size >= WorthSharing, crew, hand);
        unit.PartDone(crew, hand);
    }

    /// <summary>Says of how many parts <see cref="PartDone"/> will be told.</summary>
    internal void Expect(int parts) => unfinished = parts;

    /// <summary>One more part, while at least one is unfinished.</summary>
    internal void ExpectOneMore() => Interlocked.Increment(ref unfinished);

    /// <summary>Makes room for this many pieces, whose places are known.</summary>
    internal void Reserve(int pieceCount)
    {
        pieces = new ObjectId[pieceCount];
        count = pieceCount;
    }

    /// <summary>A place for the next piece.</summary>
    internal int NextPlace()
    {
        lock (gate)
        {
            if (count == pieces.Length)
            {
                Array.Resize(ref pieces, Math.Max(4, count * 2));
            }

            return count++;
        }
    }

    internal void Set(int place, in ObjectId piece, int pieceLength)
    {
        lock (gate)
        {
            pieces[place] = piece;
            length += pieceLength;
        }
    }

    /// <summary>It turned out to be shorter than at first: pieces from this place on do not exist.</summary>
    internal void EndsBefore(int place)
    {
        lock (gate)
        {
            count = Math.Min(count, place);
        }
    }

    internal void Fail(Errno error) => failure = error;

    internal void PartDone(BackupCrew crew, BackupHand hand)
    {
        if (Interlocked.Decrement(ref unfinished) == 0)
        {
            Finish(crew, hand);
        }
    }

    private void Finish(BackupCrew crew, BackupHand hand)
    {
        using (File)
        {
            var error = failure;
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
        var node = hand.NodeOf(name, atFirst, File);
        node.Size = length;
        node.Content.AddRange(pieces.AsSpan(0, count));
        crew.Wanted.Progress.FileDone();
        Interlocked.Add(ref crew.Tally.Bytes, length);
        crew.TellAct(Act, folder, name, length);
        folder.Finished(index, hand.Write(node), crew, hand);
    }
}
