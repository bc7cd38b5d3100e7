using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Kedge.Vault.Format;

namespace Kedge.Vault.Indexing;

/// <summary>One blob of the index: 40 bytes. Where it ends is where the next one of its pack begins.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal readonly struct IndexEntry(ObjectId id, BlobKind kind, uint offset, uint plainLength)
{
    private const uint TreeBit = 1u << 31;

    internal readonly ObjectId Id = id;
    private readonly uint place = offset | (kind == BlobKind.Tree ? TreeBit : 0);
    internal readonly uint PlainLength = plainLength;

    internal BlobKind Kind => (place & TreeBit) == 0 ? BlobKind.Data : BlobKind.Tree;

    internal uint Offset => place & ~TreeBit;
}

/// <summary>
/// The entries of an index in the order of their packs: grows without copying what it holds, so that the memory taken is
/// never twice what is needed.
/// </summary>
internal sealed class EntryColumn : IIdColumn
{
    private const int SegmentBits = 15;
    private const int SegmentSize = 1 << SegmentBits;

    private readonly List<IndexEntry[]> segments = [];

    internal int Count { get; private set; }

    /// <summary>Bytes taken, used or not.</summary>
    internal long Bytes => (long)segments.Count * SegmentSize * Unsafe.SizeOf<IndexEntry>();

    internal ref readonly IndexEntry At(int position) => ref segments[position >> SegmentBits][position & (SegmentSize - 1)];

    public ref readonly ObjectId this[int position] => ref At(position).Id;

    internal void Add(in IndexEntry entry)
    {
        if ((Count & (SegmentSize - 1)) == 0)
        {
            segments.Add(GC.AllocateUninitializedArray<IndexEntry>(SegmentSize));
        }

        segments[Count >> SegmentBits][Count & (SegmentSize - 1)] = entry;
        Count++;
    }
}
