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
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal int Cut(ReadOnlySpan<byte> content)
    {
        if (content.Length <= sizes.Minimum)
        {
            return content.Length;
        }

        var end = Math.Min(content.Length, sizes.Maximum);
        var middle = Math.Min(end, sizes.Normal);
        var hash = 0UL;
        ref var first = ref MemoryMarshal.GetReference(content);
        ref var table = ref MemoryMarshal.GetArrayDataReference(gear);

        // The hash of the window before the earliest cut, so that it is the same wherever the piece began.
        var at = sizes.Minimum - Window;
        for (; at < sizes.Minimum; at++)
        {
            hash = (hash << 1) + Unsafe.Add(ref table, (int)Unsafe.Add(ref first, at));
        }

        for (; at < middle; at++)
        {
            hash = (hash << 1) + Unsafe.Add(ref table, (int)Unsafe.Add(ref first, at));
            if ((hash & hard) == 0)
            {
                return at + 1;
            }
        }

        for (; at < end; at++)
        {
            hash = (hash << 1) + Unsafe.Add(ref table, (int)Unsafe.Add(ref first, at));
            if ((hash & easy) == 0)
            {
                return at + 1;
            }
        }

        return end;
    }
}
