using Kedge.Vault.Format;

namespace Kedge.Vault.Browse.Dump;

/// <summary>Writes a folder as a tar archive.</summary>
internal static class TarDump
{
    /// <summary>Two blocks end an archive, and a reader of tapes wants twenty at a time.</summary>
    private const int RecordSize = 20 * TarHeader.BlockSize;

    private static readonly byte[] Zeros = new byte[RecordSize];

    internal static async Task RunAsync(
        BlobFetch blobs, ObjectId tree, ReadOnlyMemory<byte> at, DumpWanted wanted, Stream target, CancellationToken cancellation)
    {
        await using var pipe = new ContentPipe(blobs, target, cancellation);
        var links = new HardLinks();
        long written = 0;
        await foreach (var entry in new FolderWalk(blobs).RunAsync(tree, at, (_, _) => WalkStep.Show | WalkStep.Descend, cancellation))
        {
            if (entry.Node.Kind is NodeKind.Socket or NodeKind.Irregular)
            {
                wanted.OnProblem?.Invoke(new(entry, $"an archive cannot hold a {(entry.Node.Kind == NodeKind.Socket ? "socket" : "thing of this kind")}"));
                continue;
            }

            var path = entry.Path[1..];
            var same = links.FirstOf(path.Span, entry.Node);
            var hasContent = entry.Node.Kind == NodeKind.File && same is null;
            if (hasContent)
            {
                pipe.Demand(entry);
            }

            var header = TarHeader.Of(path.Span, entry.Node, same);
            await pipe.AddAsync(header);
            written += header.Length;
            if (hasContent)
            {
                var padding = (int)(-entry.Node.Size & (TarHeader.BlockSize - 1));
                await pipe.AddContentAsync(entry);
                await pipe.AddAsync(Zeros.AsMemory(0, padding));
                written += entry.Node.Size + padding;
            }
        }

        var end = written + (2 * TarHeader.BlockSize);
        await pipe.AddAsync(Zeros.AsMemory(0, 2 * TarHeader.BlockSize));
        await pipe.AddAsync(Zeros.AsMemory(0, (int)((RecordSize - (end % RecordSize)) % RecordSize)));
        await pipe.CompleteAsync();
    }
}
