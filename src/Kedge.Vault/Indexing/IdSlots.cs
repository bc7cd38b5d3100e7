using System.Runtime.CompilerServices;
using Kedge.Vault.Format;

namespace Kedge.Vault.Indexing;

/// <summary>Gives the id that stands at a position of somebody's own storage.</summary>
internal interface IIdColumn
{
    ref readonly ObjectId this[int position] { get; }
}

/// <summary>
/// A hash table of positions: four bytes a slot, open addressing, at most 7/8 full. The ids stay where they are, in the
/// column; they are SHA-256, so that eight of their bytes are a hash as good as any, and nobody can make them collide
/// without the work of breaking it.
/// </summary>
internal struct IdSlots
{
    private const int Free = 0;

    /// <summary>Position plus one, or <see cref="Free"/>.</summary>
    private int[] slots;

    internal IdSlots(int expected) => slots = new int[CapacityFor(expected)];

    internal readonly int Capacity => slots.Length;

    internal readonly bool HasRoomFor(int count) => count <= slots.Length - (slots.Length / 8);

    /// <summary>The first position with this id from <paramref name="probe"/> on; -1 when there is none. Continue with the same probe for the next.</summary>
    internal readonly int Find<TColumn>(in ObjectId id, TColumn column, ref int probe)
        where TColumn : IIdColumn
    {
        if (probe < 0)
        {
            probe = Home(id);
        }

        while (slots[probe] != Free)
        {
            var position = slots[probe] - 1;
            probe = probe + 1 == slots.Length ? 0 : probe + 1;
            if (column[position] == id)
            {
                return position;
            }
        }

        return -1;
    }

    internal readonly void Add(in ObjectId id, int position)
    {
        var probe = Home(id);
        while (slots[probe] != Free)
        {
            probe = probe + 1 == slots.Length ? 0 : probe + 1;
        }

        slots[probe] = position + 1;
    }

    /// <summary>Makes room for more, and puts all positions in anew.</summary>
    internal void Grow<TColumn>(int count, int expected, TColumn column)
        where TColumn : IIdColumn
    {
        slots = new int[CapacityFor(expected)];
        for (var position = 0; position < count; position++)
        {
            Add(column[position], position);
        }
    }

    private static int CapacityFor(int expected) => (int)Math.Min(Array.MaxLength, (expected * 8L / 7) + 8);

    /// <summary>Maps evenly onto any capacity, not only powers of two (D. Lemire, "Fast Random Integer Generation in an Interval", 2019).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly int Home(in ObjectId id) => (int)(((id.Prefix >> 32) * (ulong)slots.Length) >> 32);
}
