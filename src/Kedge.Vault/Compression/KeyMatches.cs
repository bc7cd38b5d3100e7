using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Kedge.Vault.Native;

namespace Kedge.Vault.Compression;

/// <summary>
/// Finds what entries of one length, sorted, have in common: each with the entry before it, and the beginning of each page
/// with that of the page before. Looking at these two distances only takes a fraction of what a search takes that
/// knows nothing, and finds more.
/// </summary>
internal static unsafe class KeyMatches
{
    /// <summary>BLCKSZ of PostgreSQL; a page's header and its line pointers (PostgreSQL manual, "Database Page Layout").</summary>
    internal const int PageSize = 8192;

    private const int HeaderSize = 24;
    private const int PointerSize = 4;
    private const int Shortest = 3;
    private const int Window = 64;

    /// <summary>What a match costs more than a byte that it covers saves, in bits each, roughly.</summary>
    private const int CostOfMatch = 12;
    private const int GainOfByte = 7;

    /// <summary>As many sequences as <see cref="Find"/> can give for this much content.</summary>
    internal static int Most(int length) => (length / Shortest) + 1;

    /// <summary>Whether the entries of these pages have one length, as far as a look at a few of the pages tells.</summary>
    internal static bool AreOfOneLength(ReadOnlySpan<byte> pages)
    {
        const int looks = 4;
        var count = pages.Length / PageSize;
        for (var look = 0; look < looks; look++)
        {
            var page = pages.Slice(count * look / looks * PageSize, Math.Min(PageSize, pages.Length));
            if (page.Length < PageSize || !HasEntriesOfOneLength(page))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Writes sequences of a literal stretch and a match each; the last is what remains, without a match.</summary>
    /// <param name="content">Everything; matches reach back as far as there.</param>
    /// <param name="from">Where the block begins, in bytes of <paramref name="content"/>; a multiple of the page size.</param>
    /// <param name="until">Where it ends.</param>
    /// <param name="sequences">Room for <see cref="Most"/> of the block's length.</param>
    /// <returns>How many.</returns>
    internal static int Find(byte* content, int from, int until, LibZstd.Sequence* sequences)
    {
        var next = sequences;
        var at = content + from;
        var end = content + until;
        var written = at;
        // Up to where a window can be looked at without looking at its end.
        var last = end - Window - Vector256<byte>.Count;
        var pageEnd = at;
        var entry = 0;
        while (at < last)
        {
            var before = (int)(at - content);
            if (at >= pageEnd)
            {
                var page = content + (before & -PageSize);
                entry = EntryLength(page);
                pageEnd = page + PageSize;
            }

            var (matches, distance) = Best(at, before, entry);
            var after = at + Window;
            while (matches != 0)
            {
                var start = BitOperations.TrailingZeroCount(matches);
                var length = BitOperations.TrailingZeroCount(~(matches >> start));
                var match = at + start;
                matches &= start + length < Window ? ulong.MaxValue << (start + length) : 0;
                if (start + length >= Window)
                {
                    length = Window - start;
                    length += Common(match + length, distance, end);
                    after = match + length;
                }

                *next++ = new() { LiteralLength = (uint)(match - written), MatchLength = (uint)length, Offset = (uint)distance };
                written = match + length;
            }

            at = after;
        }

        *next++ = new() { LiteralLength = (uint)(end - written) };
        return (int)(next - sequences);
    }

    /// <summary>Which bytes of the window are those of one of the two distances before, and worth being said so.</summary>
    private static (ulong Matches, int Distance) Best(byte* at, int before, int entry)
    {
        var byPage = before >= PageSize ? WorthWhile(Equal(at, at - PageSize)) : 0;
        var byEntry = entry > 0 && before >= entry ? WorthWhile(Equal(at, at - entry)) : 0;
        return Gain(byEntry) > Gain(byPage) ? (byEntry, entry) : (byPage, PageSize);
    }

    private static int Gain(ulong matches) =>
        (BitOperations.PopCount(matches) * GainOfByte) - (BitOperations.PopCount(matches & ~(matches << 1)) * CostOfMatch);

    /// <summary>Without what is shorter than a match has to be.</summary>
    private static ulong WorthWhile(ulong equal)
    {
        var starts = equal & (equal >> 1) & (equal >> 2);
        return starts | (starts << 1) | (starts << 2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Equal(byte* one, byte* other)
    {
        var first = Vector256.Equals(Vector256.Load(one), Vector256.Load(other)).ExtractMostSignificantBits();
        var second = Vector256.Equals(Vector256.Load(one + Vector256<byte>.Count), Vector256.Load(other + Vector256<byte>.Count)).ExtractMostSignificantBits();
        return first | ((ulong)second << Vector256<byte>.Count);
    }

    private static int Common(byte* at, int distance, byte* end)
    {
        var rest = new ReadOnlySpan<byte>(at, (int)(end - at));
        return rest.CommonPrefixLength(new ReadOnlySpan<byte>(at - distance, rest.Length));
    }

    /// <summary>Of the page's second entry, since the first may be the page's upper bound, cut short; 0 where it is none that can be.</summary>
    private static int EntryLength(byte* page)
    {
        var length = EntryLength(Unsafe.ReadUnaligned<uint>(page + HeaderSize + PointerSize));
        return length < PageSize / 2 ? length : 0;
    }

    /// <summary>ItemIdData: the upper 15 bits are the length.</summary>
    private static int EntryLength(uint pointer) => ((int)(pointer >> 17) + 7) & ~7;

    private static bool HasEntriesOfOneLength(ReadOnlySpan<byte> page)
    {
        var count = (BinaryPrimitives.ReadUInt16LittleEndian(page[12..]) - HeaderSize) / PointerSize;
        if (count is < 3 or > PageSize / PointerSize / 2)
        {
            return false;
        }

        var second = EntryLength(PointerAt(page, 1));
        for (var number = 2; number < count; number++)
        {
            if (EntryLength(PointerAt(page, number)) != second)
            {
                return false;
            }
        }

        return second > 0;
    }

    private static uint PointerAt(ReadOnlySpan<byte> page, int number) =>
        BinaryPrimitives.ReadUInt32LittleEndian(page[(HeaderSize + (number * PointerSize))..]);
}
