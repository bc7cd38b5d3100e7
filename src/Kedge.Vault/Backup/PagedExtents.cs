using Kedge.Vault.Chunking;
using Kedge.Vault.Files;
using Kedge.Vault.Format;

namespace Kedge.Vault.Backup;

/// <summary>A stretch of a database's file, cut at fixed places: any thread may take any stretch.</summary>
internal sealed class PagedExtents(FileUnit file, PagedLayout layout, long start) : BackupWork
{
    /// <summary>A multiple of all pieces' sizes.</summary>
    private const int ExtentSize = 1280 << 10;

    internal static void Begin(FileUnit file, PagedLayout layout, BackupCrew crew)
    {
        var extents = new List<BackupWork>();
        for (var start = 0L; start < file.Size; start += ExtentSize)
        {
            extents.Add(new PagedExtents(file, layout, start));
        }

        file.Reserve((int)((file.Size + layout.PieceSize - 1) / layout.PieceSize));
        file.Expect(extents.Count);
        crew.Work.PushParts(extents);
    }

    internal override void Do(BackupCrew crew, BackupHand hand)
    {
        var wanted = (int)Math.Min(ExtentSize, file.Size - start);
        var buffer = hand.Buffer.Span;
        var error = file.Read(buffer, wanted, start, out var read);
        if (error != Errno.None)
        {
            file.Fail(error);
        }
        else
        {
            Store(buffer[..read], crew, hand);
            if (read < wanted)
            {
                file.EndsBefore((int)((start + read + layout.PieceSize - 1) / layout.PieceSize));
            }
        }

        crew.Wanted.Progress.Done(wanted);
        file.PartDone(crew, hand);
    }

    private void Store(ReadOnlySpan<byte> content, BackupCrew crew, BackupHand hand)
    {
        var place = (int)(start / layout.PieceSize);
        while (!content.IsEmpty)
        {
            var piece = content[..Math.Min(layout.PieceSize, content.Length)];
            crew.Stopping.ThrowIfCancellationRequested();
            file.Set(place++, hand.Blobs.Store(BlobKind.Data, piece, layout.Kind), piece.Length);
            content = content[piece.Length..];
        }
    }
}
