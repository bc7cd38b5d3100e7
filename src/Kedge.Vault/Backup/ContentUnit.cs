using Kedge.Vault.Files;
using Kedge.Vault.Format;

namespace Kedge.Vault.Backup;

/// <summary>Something with content while it is being backed up: gathers its pieces, in whatever order they come.</summary>
internal abstract class ContentUnit
{
    private readonly Lock gate = new();
    private ObjectId[] pieces = [];
    private int[] lengths = [];
    private int count;
    private int unfinished;

    /// <summary>Bytes to read; what a stream has nobody knows before its end.</summary>
    internal abstract long Size { get; }

    /// <summary>Bytes of the pieces so far.</summary>
    protected long Length { get; private set; }

    protected ReadOnlySpan<ObjectId> Pieces => pieces.AsSpan(0, count);

    protected Errno Failure { get; private set; }

    /// <summary>Reads as many bytes as wanted, or until the content ends.</summary>
    /// <param name="room">What is read stands at its beginning; all of it may be written over.</param>
    internal abstract Errno Read(Span<byte> room, int wanted, long offset, out int read);

    /// <summary>Says of how many parts <see cref="PartDone"/> will be told.</summary>
    internal void Expect(int parts) => unfinished = parts;

    /// <summary>One more part, while at least one is unfinished.</summary>
    internal void ExpectOneMore() => Interlocked.Increment(ref unfinished);

    /// <summary>Makes room for this many pieces, whose places are known.</summary>
    internal void Reserve(int pieceCount)
    {
        pieces = new ObjectId[pieceCount];
        lengths = new int[pieceCount];
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
                Array.Resize(ref lengths, pieces.Length);
            }

            return count++;
        }
    }

    internal void Set(int place, in ObjectId piece, int pieceLength)
    {
        lock (gate)
        {
            if (place < count)
            {
                (pieces[place], lengths[place]) = (piece, pieceLength);
                Length += pieceLength;
            }
        }
    }

    /// <summary>It turned out to be shorter than at first: pieces from this place on do not exist, set or not.</summary>
    internal void EndsBefore(int place)
    {
        lock (gate)
        {
            while (count > place)
            {
                Length -= lengths[--count];
            }
        }
    }

    internal void Fail(Errno error) => Failure = error;

    internal void PartDone(BackupCrew crew, BackupHand hand)
    {
        if (Interlocked.Decrement(ref unfinished) == 0)
        {
            Finish(crew, hand);
        }
    }

    /// <summary>All pieces are there.</summary>
    protected abstract void Finish(BackupCrew crew, BackupHand hand);
}
