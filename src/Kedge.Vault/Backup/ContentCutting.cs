using Kedge.Vault.Chunking;
using Kedge.Vault.Files;
using Kedge.Vault.Format;

namespace Kedge.Vault.Backup;

/// <summary>
/// Cuts a file by its content, from its beginning to its end. Of a large file this only reads and cuts, and leaves hashing
/// and compressing of the pieces to whoever is free; when nobody is, it does that itself.
/// </summary>
internal static class ContentCutting
{
    /// <summary>A file with holes: they become a few large pieces of zeros, and what lies between is cut.</summary>
    internal static void CutBetweenHoles(FileUnit file, BackupCrew crew, BackupHand hand)
    {
        var first = CutSizes.FirstOfHole;
        for (var at = 0L; at < file.Size;)
        {
            var error = NextStretch(file, at, ref first, crew, hand, out var stretch);
            if (error != Errno.None)
            {
                file.Fail(error);
                return;
            }

            if (stretch.End > stretch.Start && !Cut(file, stretch.Start, stretch.End, shares: true, crew, hand))
            {
                return;
            }

            at = stretch.End;
        }
    }

    /// <summary>The next stretch of data; a hole before it is stored as a few large pieces of zeros.</summary>
    private static Errno NextStretch(FileUnit file, long at, ref int first, BackupCrew crew, BackupHand hand, out (long Start, long End) stretch)
    {
        var error = file.File.FindData(at, file.Size, out var start, out var end);
        if (start - at < CutSizes.Ordinary.Maximum && start < file.Size)
        {
            // Not worth a cut of its own.
            start = at;
        }

        stretch = (start, end);
        for (int length; at < start && error == Errno.None; at += length)
        {
            length = (int)Math.Min(first, start - at);
            first = CutSizes.Hole;
            file.Set(file.NextPlace(), hand.StoreZeros(length), length);
            crew.Wanted.Progress.Done(length);
        }

        return error;
    }

    /// <returns>False where it could not be read, which the unit knows.</returns>
    internal static bool Cut(ContentUnit file, long start, long end, bool shares, BackupCrew crew, BackupHand hand)
    {
        // What is left of one read stands before the next, which begins where a disk can write to.
        var buffer = hand.Buffer.Span;
        var middle = buffer.Length / 2;
        int from = middle, until = middle;
        var at = start;
        while (true)
        {
            crew.Stopping.ThrowIfCancellationRequested();
            if (until - from < crew.Cutter.Sizes.Maximum && at < end)
            {
                var rest = buffer[from..until];
                from = middle - rest.Length;
                rest.CopyTo(buffer[from..]);
                var wanted = (int)Math.Min(buffer.Length - middle, end - at);
                var error = file.Read(buffer[middle..], wanted, at, out var read);
                if (error != Errno.None)
                {
                    file.Fail(error);
                    return false;
                }

                at = read < wanted ? end : at + read;
                until = middle + read;
                crew.Wanted.Progress.Done(read);
            }

            if (from == until)
            {
                return true;
            }

            var length = crew.Cutter.Cut(buffer[from..until]);
            Hand(file, buffer.Slice(from, length), shares, crew, hand);
            from += length;
        }
    }

    private static void Hand(ContentUnit file, ReadOnlySpan<byte> piece, bool shares, BackupCrew crew, BackupHand hand)
    {
        var place = file.NextPlace();
        if (shares && crew.Buffers.TryRent() is { } buffer)
        {
            piece.CopyTo(buffer);
            file.ExpectOneMore();
            crew.Work.PushUrgent(new PieceWork(file, place, buffer, piece.Length));
            return;
        }

        file.Set(place, hand.Blobs.Store(BlobKind.Data, piece), piece.Length);
    }

    /// <summary>A piece that was read and waits to be stored.</summary>
    private sealed class PieceWork(ContentUnit file, int place, byte[] buffer, int length) : BackupWork
    {
        internal override void Do(BackupCrew crew, BackupHand hand)
        {
            file.Set(place, hand.Blobs.Store(BlobKind.Data, buffer.AsSpan(0, length)), length);
            crew.Buffers.Return(buffer);
            file.PartDone(crew, hand);
        }
    }
}
