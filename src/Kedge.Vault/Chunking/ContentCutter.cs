using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Kedge.Vault.Crypto;

namespace Kedge.Vault.Chunking;

/// <summary>
/// Cuts by content, so that an insertion moves only the cuts around it: a gear hash with normalized chunking (W. Xia et
/// al., "FastCDC", USENIX ATC 2016). The gear table is drawn from the vault's master key, so that the sizes of the pieces
/// tell nothing to whoever sees the storage but lacks the key.
/// </summary>
internal sealed class ContentCutter
{
    /// <summary>A cut depends on no more than this many bytes before it.</summary>
    internal const int Window = 64;

    /// <summary>Bits by which the condition is harder before the normal size, and easier after it.</summary>
    private const int Normalization = 2;

    private readonly ulong[] gear = new ulong[256];
    private readonly CutSizes sizes;
    private readonly ulong hard;
    private readonly ulong easy;

    internal ContentCutter(MasterKey key, CutSizes sizes)
    {
        key.Derive("kedge vault: cutting by content, version 1"u8, MemoryMarshal.AsBytes(gear.AsSpan()));
        this.sizes = sizes;
        var bits = BitOperations.Log2((uint)(sizes.Normal - sizes.Minimum));
        hard = ulong.MaxValue << (64 - bits - Normalization);
        easy = ulong.MaxValue << (64 - bits + Normalization);
    }

    internal CutSizes Sizes => sizes;

    /// <summary>The length of the first piece of <paramref name="content"/>.</summary>
    /// <param name="content">At least <see cref="CutSizes.Maximum"/> bytes, or all that is left.</param>
    internal int Cut(ReadOnlySpan<byte> content)
    {
        if (content.Length <= sizes.Minimum)
        {
            return content.Length;
        }

        var end = Math.Min(content.Length, sizes.Maximum);
        var middle = Math.Min(end, sizes.Normal);
        ref var first = ref MemoryMarshal.GetReference(content);

        // The hash of the window before the earliest cut, so that it is the same wherever the piece began.
        var hash = 0UL;
        for (var at = sizes.Minimum - Window; at < sizes.Minimum; at++)
        {
            hash = (hash << 1) + gear[Unsafe.Add(ref first, at)];
        }

        var cut = Look(ref first, sizes.Minimum, middle, ~hard, ref hash);
        return cut > 0 ? cut
            : Look(ref first, middle, end, ~easy, ref hash) is > 0 and var later ? later
            : end;
    }

    /// <summary>Where the hash is small enough to cut: the position behind that byte; 0 where it nowhere is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Look(ref byte first, int from, int until, ulong limit, ref ulong hashSoFar)
    {
        ref var table = ref MemoryMarshal.GetArrayDataReference(gear);
        var hash = hashSoFar;
        var at = from;
        for (; at + 4 <= until; at += 4)
        {
            // Two bytes a step: otherwise each would wait for two additions of the one before.
            var one = Unsafe.Add(ref table, (int)Unsafe.Add(ref first, at));
            var two = Unsafe.Add(ref table, (int)Unsafe.Add(ref first, at + 1)) + (one << 1);
            var three = Unsafe.Add(ref table, (int)Unsafe.Add(ref first, at + 2));
            var four = Unsafe.Add(ref table, (int)Unsafe.Add(ref first, at + 3)) + (three << 1);
            var halfway = two + (hash << 2);
            if (one + (hash << 1) <= limit)
            {
                return at + 1;
            }

            if (halfway <= limit)
            {
                return at + 2;
            }

            hash = four + (halfway << 2);
            if (three + (halfway << 1) <= limit)
            {
                return at + 3;
            }

            if (hash <= limit)
            {
                return at + 4;
            }
        }

        for (; at < until; at++)
        {
            if ((hash = (hash << 1) + Unsafe.Add(ref table, (int)Unsafe.Add(ref first, at))) <= limit)
            {
                return at + 1;
            }
        }

        hashSoFar = hash;
        return 0;
    }
}
