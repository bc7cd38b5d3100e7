using Kedge.Vault.Format;

namespace Kedge.Vault.Indexing;

/// <summary>The blobs of a pack as they stand behind one another in it.</summary>
internal static class BlobOrder
{
    private const uint MaximumPackSize = int.MaxValue;

    internal static void Sort(List<BlobEntry> blobs)
    {
        for (var i = 1; i < blobs.Count; i++)
        {
            if (blobs[i].Offset < blobs[i - 1].Offset)
            {
                blobs.Sort((a, b) => a.Offset.CompareTo(b.Offset));
                return;
            }
        }
    }

    /// <param name="blobs">In any order.</param>
    /// <exception cref="VaultException"><see cref="VaultFault.Damaged"/> where blobs overlap, so that they are no pack's.</exception>
    internal static void Demand(ObjectId pack, ReadOnlySpan<BlobEntry> blobs)
    {
        List<BlobEntry> sorted = [.. blobs];
        Sort(sorted);
        Demand(pack, sorted);
    }

    /// <param name="blobs">Sorted.</param>
    internal static void Demand(ObjectId pack, List<BlobEntry> blobs)
    {
        var end = 0U;
        foreach (var blob in blobs)
        {
            if (blob.Offset < end || blob.Length == 0 || blob.Offset > MaximumPackSize - blob.Length)
            {
                throw VaultException.Damaged($"the index says of pack {pack.Short} that its blobs overlap, or lie beyond 2 GiB");
            }

            end = blob.Offset + blob.Length;
        }
    }
}
