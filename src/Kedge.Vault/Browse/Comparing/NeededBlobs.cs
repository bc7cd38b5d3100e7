using Kedge.Vault.Format;
using Kedge.Vault.Indexing;

namespace Kedge.Vault.Browse.Comparing;

/// <summary>The blobs that one of two snapshots needs, by their positions in the index. Safe for many threads.</summary>
internal sealed class NeededBlobs(BlobIndex index)
{
    private readonly BitColumn positions = new(index.Positions);

    internal bool this[int position] => positions[position];

    /// <returns>False where it is in no index.</returns>
    internal bool Add(in BlobName name)
    {
        var position = index.Find(name);
        if (position >= 0)
        {
            positions.Set(position);
        }

        return position >= 0;
    }
}
