using System.Buffers;
using Kedge.Vault.Format;
using Kedge.Vault.Indexing;
using Kedge.Vault.Packing;

namespace Kedge.Vault.Browse.Dump;

/// <summary>
/// Reads what a window lacks: neighbours in a pack at once, each blob once however often it is needed, and from another copy
/// where one is damaged.
/// </summary>
internal sealed class WindowFilling(BlobFetch blobs) : IDisposable
{
    /// <summary>No stretch of a pack that is read at once is longer, unless a single blob is.</summary>
    private const int LongestRun = 8 << 20;

    /// <summary>So many bytes that are not needed are rather read than left out.</summary>
    private readonly int gap = blobs.Vault.Backend.Traits.IsRemote ? 256 << 10 : 16 << 10;

    private readonly SemaphoreSlim reading = new(Math.Max(blobs.Vault.Backend.Traits.Connections, Environment.ProcessorCount));

    internal async Task FillAsync(ContentWindow window, CancellationToken cancellation)
    {
        var found = new List<(BlobPlace Place, ContentPiece Piece)>(window.Pieces.Count);
        foreach (var piece in window.Pieces)
        {
            found.Add((blobs.Index.TryFind(new(BlobKind.Data, piece.Blob), out var place) ? place : throw Missing(piece), piece));
        }

        found.Sort(static (one, other) =>
        {
            var order = one.Place.Pack.CompareTo(other.Place.Pack);
            return order != 0 ? order : one.Place.Entry.Offset.CompareTo(other.Place.Entry.Offset);
        });
        List<Task> runs = [];
        for (var start = 0; start < found.Count;)
        {
            var end = EndOfRun(found, start);
            var run = found.GetRange(start, end - start);
            runs.Add(Task.Run(() => ReadAsync(window, run, cancellation), CancellationToken.None));
            start = end;
        }

        await Task.WhenAll(runs);
    }

    public void Dispose() => reading.Dispose();

    private int EndOfRun(List<(BlobPlace Place, ContentPiece Piece)> found, int start)
    {
        var (first, at) = (found[start].Place, start + 1);
        var end = first.Entry.Offset + (long)first.Entry.Length;
        for (; at < found.Count; at++)
        {
            var next = found[at].Place;
            var nextEnd = Math.Max(end, next.Entry.Offset + (long)next.Entry.Length);
            if (next.Pack != first.Pack || next.Entry.Offset > end + gap || nextEnd - first.Entry.Offset > LongestRun)
            {
                break;
            }

            end = nextEnd;
        }

        return at;
    }

    private async Task ReadAsync(ContentWindow window, List<(BlobPlace Place, ContentPiece Piece)> run, CancellationToken cancellation)
    {
        var start = run[0].Place.Entry.Offset;
        var length = (int)run.Max(r => r.Place.Entry.Offset - start + BlobReader.Checked(r.Place.Entry));
        await reading.WaitAsync(cancellation);
        var raw = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            var isRead = await TryReadAsync(run[0].Place.Pack, start, raw.AsMemory(0, length), cancellation);
            for (var at = 0; at < run.Count;)
            {
                var end = at + 1;
                while (end < run.Count && run[end].Place == run[at].Place)
                {
                    end++;
                }

                var same = run.GetRange(at, end - at);
                if (!isRead || !TryOpen(window, same, raw.AsSpan((int)(run[at].Place.Entry.Offset - start), (int)run[at].Place.Entry.Length)))
                {
                    await FillFromAnywhereAsync(window, same, cancellation);
                }

                at = end;
            }
        }
        finally
        {
            reading.Release();
            ArrayPool<byte>.Shared.Return(raw);
        }
    }

    /// <returns>False where the pack is missing or too short: each blob is looked for elsewhere then, and what is wrong is told if that fails.</returns>
    private async Task<bool> TryReadAsync(ObjectId pack, long start, Memory<byte> raw, CancellationToken cancellation)
    {
        try
        {
            await blobs.Vault.Backend.ReadAsync(new(ObjectKind.Pack, pack), start, raw, cancellation);
            return true;
        }
        catch (VaultException problem) when (problem.Fault is VaultFault.Damaged or VaultFault.NotFound)
        {
            return false;
        }
    }

    private bool TryOpen(ContentWindow window, List<(BlobPlace Place, ContentPiece Piece)> same, ReadOnlySpan<byte> sealedBlob)
    {
        var reader = blobs.Take();
        try
        {
            var content = reader.Open(same[0].Place, sealedBlob);
            foreach (var (_, piece) in same)
            {
                window.Fill(piece, content.Span);
            }

            return true;
        }
        catch (VaultException problem) when (problem.Fault == VaultFault.Damaged)
        {
            return false;
        }
        finally
        {
            blobs.GiveBack(reader);
        }
    }

    private async Task FillFromAnywhereAsync(ContentWindow window, List<(BlobPlace Place, ContentPiece Piece)> same, CancellationToken cancellation)
    {
        try
        {
            var content = await blobs.LoadAsync(new(BlobKind.Data, same[0].Piece.Blob), cancellation);
            foreach (var (_, piece) in same)
            {
                window.Fill(piece, content);
            }
        }
        catch (VaultException problem) when (problem.Fault is VaultFault.Damaged or VaultFault.NotFound)
        {
            throw new VaultException(problem.Fault, $"{same[0].Piece.File.PathText}: {problem.Message}", problem.Hint, problem);
        }
    }

    private static VaultException Missing(ContentPiece piece) => new(
        VaultFault.NotFound, $"{piece.File.PathText}: data {piece.Blob.Short} is in no index", "Run 'kedge vault repair index', then 'kedge vault check'.");
}
