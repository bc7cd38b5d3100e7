using Kedge.Vault.Format;
using Kedge.Vault.Indexing;
using Kedge.Vault.Threads;
using Kedge.Vault.Upkeep;

namespace Kedge.Vault.Check;

/// <summary>
/// Finds which snapshots and files lost blobs hit. Folders without damage are read once, however many snapshots have them;
/// those with damage once for each path that is told, of which there is a limit.
/// </summary>
internal sealed class HitTrace(VaultRepository vault, BlobIndex index, Func<BlobName, bool> isLost, int limit, UpkeepProgress progress)
{
    /// <summary>A call for each level of folders; paths may be two thousand deep.</summary>
    private const int StackSize = 64 << 20;

    private readonly BitColumn clean = new(index.Positions);

    /// <returns>Those snapshots of the given ones that are hit, in their order.</returns>
    internal async Task<List<SnapshotHits>> RunAsync(IReadOnlyList<(ObjectId Id, SnapshotFile File)> snapshots, CancellationToken cancellation)
    {
        var hits = new SnapshotHits?[snapshots.Count];
        var next = -1;
        var isStopped = false;
        var threads = Math.Min(TreeWalk.ThreadsFor(vault), Math.Max(1, snapshots.Count));
        progress.Begin(UpkeepStage.TracingDamage, snapshots.Count);
        await Crew.RunAsync("trace", threads, Trace, () => Volatile.Write(ref isStopped, true), cancellation, StackSize);
        return [.. hits.OfType<SnapshotHits>()];

        void Trace()
        {
            using var reader = vault.OpenReader();
            while (!Volatile.Read(ref isStopped) && Interlocked.Increment(ref next) is var at && at < snapshots.Count)
            {
                var (id, file) = snapshots[at];
                var descent = new HitDescent(reader, index, clean, isLost, limit, cancellation);
                hits[at] = descent.Enter(file.Tree, [], depth: 0) ? null : new(id, file, descent.Found, descent.IsCut);
                progress.Step();
            }
        }
    }
}
