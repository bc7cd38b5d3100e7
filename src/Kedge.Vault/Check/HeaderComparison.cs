using Kedge.Vault.Format;
using Kedge.Vault.Indexing;

namespace Kedge.Vault.Check;

/// <summary>Holds what a pack's header says against what the index says of the pack.</summary>
internal static class HeaderComparison
{
    /// <returns>How they differ, as the end of a sentence; null where they are the same.</returns>
    internal static string? Differs(BlobIndex index, int pack, List<BlobEntry> header)
    {
        var (position, end) = index.RangeOf(pack);
        foreach (var entry in header)
        {
            if (position == end)
            {
                return $"has {header.Count} blobs, more than the index lists of it";
            }

            if (!index.IsBlob(position))
            {
                return $"has a blob at {entry.Offset} that the index does not list";
            }

            if (index.EntryAt(position) != entry)
            {
                return $"has another blob at {entry.Offset} than the index says";
            }

            position++;
        }

        return position == end ? null : $"has only {header.Count} blobs; the index lists more of it";
    }
}
