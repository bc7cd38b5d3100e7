using System.Numerics;

namespace Kedge.Vault.Indexing;

/// <summary>A bit for each position of an index, or each pack: what was seen, used, damaged. Safe for many threads.</summary>
internal sealed class BitColumn(int count)
{
    private readonly ulong[] words = new ulong[(count + 63) / 64];

    internal int Count { get; } = count;

    internal bool this[int position] => ((Volatile.Read(ref words[position >> 6]) >> (position & 63)) & 1) != 0;

    /// <summary>Sets a bit.</summary>
    /// <returns>True for the one caller who was the first.</returns>
    internal bool Set(int position)
    {
        ref var word = ref words[position >> 6];
        var bit = 1UL << (position & 63);
        return (Volatile.Read(ref word) & bit) == 0 && (Interlocked.Or(ref word, bit) & bit) == 0;
    }

    internal void Clear(int position) => Interlocked.And(ref words[position >> 6], ~(1UL << (position & 63)));

    /// <summary>How many are set.</summary>
    internal long Total()
    {
        long total = 0;
        foreach (var word in words)
        {
            total += BitOperations.PopCount(word);
        }

        return total;
    }
}
