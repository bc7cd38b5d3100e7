using System.Runtime.CompilerServices;
using Kedge.Vault.Format;

namespace Kedge.Vault.Indexing;

/// <summary>A pack that the index knows.</summary>
/// <param name="id">Its name.</param>
/// <param name="first">Position of its first entry.</param>
/// <param name="blobBytes">Bytes of all its blobs, which is where its header begins.</param>
internal readonly struct IndexedPack(ObjectId id, int first, uint blobBytes)
{
    internal readonly ObjectId Id = id;

    internal int First { get; } = first;

    internal uint BlobBytes { get; } = blobBytes;
}

/// <summary>
/// The packs of an index, in the order of their entries, which gives them numbers from 0 on. Found by their ids too; a pack of
/// which index files say different things has several numbers.
/// </summary>
internal sealed class PackColumn : IIdColumn
{
    private IndexedPack[] packs = new IndexedPack[16];
    private IdSlots slots = new(16);

    internal int Count { get; private set; }

    internal long Bytes => ((long)packs.Length * Unsafe.SizeOf<IndexedPack>()) + (4L * slots.Capacity);

    internal ref readonly IndexedPack At(int number) => ref packs[number];

    public ref readonly ObjectId this[int position] => ref packs[position].Id;

    internal void Add(in IndexedPack pack)
    {
        if (Count == packs.Length)
        {
            Array.Resize(ref packs, Count + (Count / 2));
        }

        if (!slots.HasRoomFor(Count + 1))
        {
            slots.Grow(Count, Count + (Count / 2) + 16, this);
        }

        packs[Count] = pack;
        slots.Add(pack.Id, Count);
        Count++;
    }

    /// <summary>The number that a pack was given first; -1 where it is not known.</summary>
    internal int Find(in ObjectId id)
    {
        var probe = -1;
        return slots.Find(id, this, ref probe);
    }

    /// <summary>All its numbers.</summary>
    internal IEnumerable<int> FindAll(ObjectId id)
    {
        var probe = -1;
        for (var number = slots.Find(id, this, ref probe); number >= 0; number = slots.Find(id, this, ref probe))
        {
            yield return number;
        }
    }

    /// <summary>The number of the pack to which the entry at a position belongs.</summary>
    internal int Of(int position)
    {
        int low = 0, high = Count - 1;
        while (low < high)
        {
            var middle = low + ((high - low + 1) / 2);
            if (packs[middle].First <= position)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        return low;
    }
}
