using Kedge.Vault.Chunking;
using Kedge.Vault.Format;
using Kedge.Vault.Indexing;
using Kedge.Vault.Packing;

namespace Kedge.Vault.Restore;

/// <summary>A piece of a file, and where in the vault it stands.</summary>
/// <param name="Position">Of its entry in the index: in the order of packs, and of offsets inside a pack.</param>
/// <param name="Offset">In the file, in bytes.</param>
internal readonly record struct Piece(int Position, RestoreFile File, long Offset);

/// <summary>Pieces that stand beside one another in a pack: read at once, then opened, verified and written one by one.</summary>
internal sealed class PieceRun(Piece[] pieces, int from, int to) : RestoreWork
{
    /// <summary>As much is read at once.</summary>
    internal const int LongestRead = 1 << 20;

    /// <summary>Zeros of at least this length are left as a hole in a new file.</summary>
    private const int WorthAHole = CutSizes.FirstOfHole;

    /// <summary>Cuts pieces, which must be sorted by position, into runs.</summary>
    /// <param name="gap">So many bytes between two pieces are rather read than skipped.</param>
    internal static List<RestoreWork> Cut(Piece[] pieces, BlobIndex index, int gap)
    {
        var runs = new List<RestoreWork>();
        for (int from = 0, to; from < pieces.Length; from = to)
        {
            var first = index.EntryAt(pieces[from].Position);
            var pack = index.PackNumberAt(pieces[from].Position);
            var end = (long)first.Offset + first.Length;
            for (to = from + 1; to < pieces.Length; to++)
            {
                if (pieces[to].Position == pieces[to - 1].Position)
                {
                    continue;
                }

                var next = index.EntryAt(pieces[to].Position);
                var nextEnd = (long)next.Offset + next.Length;
                if (next.Offset > end + gap || nextEnd - first.Offset > LongestRead || next.Offset < end || index.PackNumberAt(pieces[to].Position) != pack)
                {
                    break;
                }

                end = nextEnd;
            }

            runs.Add(new PieceRun(pieces, from, to));
        }

        return runs;
    }

    internal override void Do(RestoreHand hand)
    {
        var index = hand.Crew.Index;
        var (first, last) = (index.EntryAt(pieces[from].Position), index.EntryAt(pieces[to - 1].Position));
        var pack = index.PackIdOf(index.PackNumberAt(pieces[from].Position));
        var stretch = Read(hand, pack, first, (long)last.Offset + last.Length - first.Offset);
        for (int at = from, next; at < to; at = next)
        {
            hand.Crew.Cancellation.ThrowIfCancellationRequested();
            for (next = at + 1; next < to && pieces[next].Position == pieces[at].Position; next++)
            {
            }

            var entry = index.EntryAt(pieces[at].Position);
            var content = Open(hand, new(pack, entry), stretch.IsEmpty ? default : stretch.Span.Slice((int)(entry.Offset - first.Offset), (int)entry.Length), at, next);
            Deliver(hand, content, at, next);
        }
    }

    /// <returns>Empty where it cannot be read: each piece is then looked for on its own, in other packs too.</returns>
    private static ReadOnlyMemory<byte> Read(RestoreHand hand, ObjectId pack, in BlobEntry first, long length)
    {
        try
        {
            // What is longer than a read is a single piece, whose length somebody may have made up.
            var stretch = hand.BufferOf(length <= LongestRead ? (int)length : BlobReader.Checked(first));
            hand.Crew.Vault.Backend.ReadAsync(new(ObjectKind.Pack, pack), first.Offset, stretch, hand.Crew.Cancellation).GetAwaiter().GetResult();
            return stretch;
        }
        catch (VaultException problem) when (problem.Fault is VaultFault.Damaged or VaultFault.NotFound)
        {
            return default;
        }
    }

    private ReadOnlyMemory<byte>? Open(RestoreHand hand, BlobPlace place, ReadOnlySpan<byte> sealedBlob, int at, int next)
    {
        try
        {
            if (!sealedBlob.IsEmpty)
            {
                return hand.Blobs.Open(place, sealedBlob);
            }
        }
        catch (VaultException problem) when (problem.Fault == VaultFault.Damaged)
        {
            // Perhaps it stands somewhere else as well.
        }

        try
        {
            return hand.Blobs.Read(hand.Crew.Index, place.Entry.Name, hand.Crew.Cancellation);
        }
        catch (VaultException problem) when (problem.Fault is VaultFault.Damaged or VaultFault.NotFound)
        {
            for (var piece = at; piece < next; piece++)
            {
                pieces[piece].File.Break($"{problem.Message}; {place.Entry.ContentLength} bytes from {pieces[piece].Offset} on are missing", hand.Crew);
            }

            return null;
        }
    }

    private void Deliver(RestoreHand hand, ReadOnlyMemory<byte>? content, int at, int next)
    {
        // Once: a large sparse file has the same piece of zeros thousands of times.
        var isHole = content is { Length: >= WorthAHole } zeros && !zeros.Span.ContainsAnyExcept((byte)0);
        for (var piece = at; piece < next; piece++)
        {
            var file = pieces[piece].File;
            if (content is { } bytes)
            {
                if (isHole && !file.Exists)
                {
                    file.Skip();
                }
                else
                {
                    file.Write(pieces[piece].Offset, bytes.Span, hand);
                }

                hand.Crew.Wanted.Progress.Written(bytes.Length);
            }

            file.PieceDone(hand);
        }
    }
}
