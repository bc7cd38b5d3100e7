using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Kedge.Vault.Format;
using Kedge.Vault.Indexing;

namespace Kedge.Vault.Browse.Counting;

/// <summary>Files of different content. As in restic, everything without content counts together as one.</summary>
internal static class ContentCount
{
    internal static async Task<SnapshotStatistics> RunAsync(VaultRepository vault, BlobIndex index, IEnumerable<ObjectId> trees, CancellationToken cancellation)
    {
        var sizes = new ConcurrentDictionary<ObjectId, long>();
        await ReachedNodes.VisitAsync(
            vault, index, trees, node => sizes.TryAdd(ObjectId.Of(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(node.Content))), node.Size), null, cancellation);
        return new() { TotalSize = sizes.Values.Sum(), Files = sizes.Count };
    }
}
