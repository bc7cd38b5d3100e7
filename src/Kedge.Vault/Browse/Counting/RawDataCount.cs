using Kedge.Vault.Crypto;
using Kedge.Vault.Format;
using Kedge.Vault.Indexing;

namespace Kedge.Vault.Browse.Counting;

/// <summary>Blobs that snapshots need, as they are stored.</summary>
internal static class RawDataCount
{
    internal static async Task<SnapshotStatistics> RunAsync(VaultRepository vault, BlobIndex index, IEnumerable<ObjectId> trees, CancellationToken cancellation)
    {
        var needed = new BitColumn(index.Positions);
        var folders = await ReachedNodes.VisitAsync(vault, index, trees, node => Mark(index, node, needed), null, cancellation);
        long blobs = 0, stored = 0, plain = 0, compressed = 0, compressedPlain = 0;
        for (var position = 0; position < index.Positions; position++)
        {
            if (!needed[position] && !folders[position])
            {
                continue;
            }

            var entry = index.EntryAt(position);
            var sealedLength = entry.ContentLength + Sealing.Overhead;
            blobs++;
            stored += entry.Length;
            plain += sealedLength;
            compressed += entry.IsCompressed ? entry.Length : 0;
            compressedPlain += entry.IsCompressed ? sealedLength : 0;
        }

        var all = new SnapshotStatistics { TotalSize = stored, Blobs = blobs };
        return vault.Config.Version < 2
            ? all
            : all with { UncompressedSize = plain, CompressedBlobsSize = compressed, CompressedBlobsUncompressedSize = compressedPlain };
    }

    private static void Mark(BlobIndex index, TreeNode node, BitColumn needed)
    {
        foreach (var blob in node.Content)
        {
            var position = index.Find(new(BlobKind.Data, blob));
            if (position < 0)
            {
                throw new VaultException(VaultFault.NotFound, $"data {blob.Short} of the file {node} is in no index", "Run 'kedge vault repair index', then 'kedge vault check'.");
            }

            needed.Set(position);
        }
    }
}
