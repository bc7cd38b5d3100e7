using Kedge.Vault.Browse.Comparing;
using Kedge.Vault.Format;
using Kedge.Vault.Indexing;

namespace Kedge.Vault.Browse;

/// <summary>Compares two snapshots, or folders in them, as <c>diff</c> does.</summary>
public static class VaultComparison
{
    /// <param name="before">A snapshot's tree, or that of a folder.</param>
    /// <param name="onChange">Called for each change in the order of paths, in depth; never twice at the same time.</param>
    /// <exception cref="VaultException"><see cref="VaultFault.NotFound"/> and <see cref="VaultFault.Damaged"/> where a tree
    /// cannot be read; what the storage says.</exception>
    public static async Task<ComparisonStatistics> RunAsync(
        VaultRepository vault, BlobIndex index, ObjectId before, ObjectId after, ComparisonWanted wanted, Action<EntryChange> onChange, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        ArgumentNullException.ThrowIfNull(onChange);
        using var blobs = new BlobFetch(vault, index);
        var comparison = new TreeComparison(blobs, wanted, onChange);
        await comparison.RunAsync(before, after, cancellation);
        return await comparison.CountAsync(cancellation);
    }
}
