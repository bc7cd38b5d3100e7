using Kedge.Vault.Chunking;
using Kedge.Vault.Files;
using Kedge.Vault.Format;

namespace Kedge.Vault.Backup;

/// <summary>A stretch of a database's file, cut at fixed places: any thread may take any stretch.</summary>
internal sealed class PagedExtents(FileUnit file, long start) : BackupWork
{
    private const int ExtentSize = 2 << 20;
    private const int PiecesInExtent = ExtentSize / CutSizes.Paged;

    internal static void Begin(FileUnit file, BackupCrew crew)
    {
        var extents = new List<BackupWork>();
        for (var start = 0L; start < file.Size; start += ExtentSize)
        {
            extents.Add(new PagedExtents(file, start));
        }

        file.Reserve((int)((file.Size + CutSizes.Paged - 1) / CutSizes.Paged));
        file.Expect(extents.Count);
        crew.Work.Push(extents);
    }

    internal override void Do(BackupCrew crew, BackupHand hand)
    {
        var wanted = (int)Math.Min(ExtentSize, file.Size - start);
        var buffer = hand.Buffer.AsSpan(0, wanted);
        var error = file.File.Read(buffer, start, out var read);
        if (error != Errno.None)
        {
            file.Fail(error);
        }
        else
        {
            Store(buffer[..read], crew, hand);
            if (read < wanted)
            {
                file.EndsBefore((int)((start + read + CutSizes.Paged - 1) / CutSizes.Paged));
            }
        }

        crew.Wanted.Progress.Done(wanted);
        file.PartDone(crew, hand);
    }

    private void Store(ReadOnlySpan<byte> content, BackupCrew crew, BackupHand hand)
    {
        var place = (int)(start / ExtentSize) * PiecesInExtent;
        while (!content.IsEmpty)
        {
            var piece = content[..Math.Min(CutSizes.Paged, content.Length)];
            crew.Stopping.ThrowIfCancellationRequested();
            file.Set(place++, hand.Blobs.Store(BlobKind.Data, piece), piece.Length);
            content = content[piece.Length..];
        }
    }
}
