using Kedge.Vault.Format;
using Kedge.Vault.Indexing;

namespace Kedge.Vault.Upkeep;

/// <summary>A stretch of a pack that is read in one go.</summary>
/// <param name="Pack">Its number in the index; -1 where the index does not have it.</param>
/// <param name="Positions">The blobs that are wanted of it, in the order in which they stand.</param>
internal sealed record PackSpan(int Pack, ObjectId Id, long Offset, int Length, int[] Positions)
{
    /// <summary>No stretch is longer, unless a single blob is.</summary>
    private const int Longest = 16 << 20;

    /// <summary>So much is rather read and thrown away than skipped: what a round trip costs, or a disk's seek.</summary>
    private const int RemoteGap = 1 << 20;
    private const int LocalGap = 256 << 10;

    /// <summary>The stretches that hold the blobs at these positions of an index.</summary>
    internal static IEnumerable<PackSpan> Of(BlobIndex index, BitColumn wanted, bool isRemote)
    {
        var positions = new List<int>();
        for (var pack = 0; pack < index.PackCount; pack++)
        {
            positions.Clear();
            var (position, end) = index.RangeOf(pack);
            for (; position < end; position++)
            {
                if (wanted[position])
                {
                    positions.Add(position);
                }
            }

            foreach (var span in Of(index, pack, positions, isRemote))
            {
                yield return span;
            }
        }
    }

    /// <summary>The stretches that hold these blobs of one pack.</summary>
    /// <param name="positions">In ascending order.</param>
    internal static IEnumerable<PackSpan> Of(BlobIndex index, int pack, IReadOnlyList<int> positions, bool isRemote)
    {
        var gap = isRemote ? RemoteGap : LocalGap;
        var id = index.PackIdOf(pack);
        var first = 0;
        while (first < positions.Count)
        {
            var start = index.EntryAt(positions[first]);
            var (next, end) = (first + 1, start.Offset + (long)start.Length);
            while (next < positions.Count)
            {
                var entry = index.EntryAt(positions[next]);
                if (entry.Offset - end > gap || entry.Offset + (long)entry.Length - start.Offset > Longest)
                {
                    break;
                }

                end = entry.Offset + (long)entry.Length;
                next++;
            }

            yield return new(pack, id, start.Offset, (int)(end - start.Offset), [.. positions.Skip(first).Take(next - first)]);
            first = next;
        }
    }

    /// <summary>The bytes of a blob, of those that were read for this stretch.</summary>
    internal ReadOnlyMemory<byte> Part(ReadOnlyMemory<byte> bytes, in BlobEntry entry) => bytes.Slice((int)(entry.Offset - Offset), (int)entry.Length);
}
