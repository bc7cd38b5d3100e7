using System.Buffers.Binary;

namespace Kedge.Vault.Compression;

/// <summary>Pages of sorted keys as PostgreSQL lays them out, to try things on.</summary>
internal static class KeySpecimen
{
    private const int Entries = 407;
    private const int EntrySize = 16;

    /// <summary>Long enough for two blocks of a frame, and a little of a third.</summary>
    internal static byte[] Make()
    {
        var pages = new byte[33 * KeyMatches.PageSize];
        for (var page = 0; page < pages.Length / KeyMatches.PageSize; page++)
        {
            Fill(pages.AsSpan(page * KeyMatches.PageSize, KeyMatches.PageSize), page * Entries);
        }

        return pages;
    }

    private static void Fill(Span<byte> page, int firstKey)
    {
        const int header = 24;
        const int special = KeyMatches.PageSize - 16;
        BinaryPrimitives.WriteUInt16LittleEndian(page[12..], header + (4 * Entries));
        BinaryPrimitives.WriteUInt16LittleEndian(page[14..], special - (EntrySize * Entries));
        BinaryPrimitives.WriteUInt16LittleEndian(page[16..], special);
        BinaryPrimitives.WriteUInt16LittleEndian(page[18..], KeyMatches.PageSize | 4);
        for (var number = 0; number < Entries; number++)
        {
            var place = special - (EntrySize * (number + 1));
            var key = firstKey + number;
            BinaryPrimitives.WriteUInt32LittleEndian(page[(header + (4 * number))..], (uint)place | (1u << 15) | ((uint)EntrySize << 17));
            BinaryPrimitives.WriteUInt16LittleEndian(page[(place + 2)..], (ushort)(key / 61));
            BinaryPrimitives.WriteUInt16LittleEndian(page[(place + 4)..], (ushort)((key % 61) + 1));
            BinaryPrimitives.WriteUInt16LittleEndian(page[(place + 6)..], EntrySize);
            BinaryPrimitives.WriteInt32LittleEndian(page[(place + 8)..], key);
        }
    }
}
