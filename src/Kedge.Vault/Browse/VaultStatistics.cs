using Kedge.Vault.Browse.Counting;
using Kedge.Vault.Indexing;
using Kedge.Vault.Snapshots;

namespace Kedge.Vault.Browse;

/// <summary>Counts what snapshots hold, as <c>stats</c> does. Folders that several snapshots share are read once.</summary>
public static class VaultStatistics
{
    /// <param name="snapshots">Counted in this order, which matters for <see cref="StatisticsMode.BlobsPerFile"/> only: a
    /// content counts for the path at which it is met first.</param>
    /// <exception cref="VaultException"><see cref="VaultFault.NotFound"/> and <see cref="VaultFault.Damaged"/> where a tree
    /// cannot be read, or a blob is in no index; what the storage says.</exception>
    public static async Task<SnapshotStatistics> CountAsync(
        VaultRepository vault, BlobIndex index, IReadOnlyCollection<StoredSnapshot> snapshots, StatisticsMode mode, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(vault);
        ArgumentNullException.ThrowIfNull(index);
        ArgumentNullException.ThrowIfNull(snapshots);
        using var blobs = new BlobFetch(vault, index);
        var trees = snapshots.Select(s => s.File.Tree).ToList();
        var counted = mode switch
        {
            StatisticsMode.RestoreSize => await new RestoreSizeCount(blobs).RunAsync(trees, cancellation),
            StatisticsMode.FilesByContents => await ContentCount.RunAsync(vault, index, trees, cancellation),
            StatisticsMode.BlobsPerFile => await new BlobsPerFileCount(blobs).RunAsync(trees, cancellation),
            StatisticsMode.RawData => await RawDataCount.RunAsync(vault, index, trees, cancellation),
            _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, "There is no such mode."),
        };
        return counted with { Snapshots = snapshots.Count };
    }
}
