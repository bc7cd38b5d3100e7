using System.Buffers.Binary;

namespace Kedge.Vault.Chunking;

/// <summary>
/// Recognizes files that a database changes a page at a time, by their first page: cutting those at fixed places keeps a
/// changed page from touching its neighbours, and costs nothing.
/// </summary>
internal static class PagedFile
{
    /// <summary>As much of a file's beginning as a look needs.</summary>
    internal const int HeadSize = 512;

    /// <summary>BTPageOpaqueData, which stands at the end of each page of a B-tree.</summary>
    private const int BTreeSpecialSize = 16;

    /// <returns>Null for an ordinary file.</returns>
    internal static PagedLayout? Recognize(ReadOnlySpan<byte> head) =>
        head.Length < HeadSize ? null
        : IsPostgres(head, out var special) ? special == BTreeSpecialSize ? PagedLayout.Keys : PagedLayout.Rows
        : IsSqlite(head) || IsInnoDb(head) ? PagedLayout.Rows : null;

    /// <summary>PageHeaderData (PostgreSQL manual, "Database Page Layout"): pages of 8 KiB, layout version 4; WAL segments too.</summary>
    private static bool IsPostgres(ReadOnlySpan<byte> head, out int specialSize)
    {
        const int pageSize = 8192;
        var lower = BinaryPrimitives.ReadUInt16LittleEndian(head[12..]);
        var upper = BinaryPrimitives.ReadUInt16LittleEndian(head[14..]);
        var special = BinaryPrimitives.ReadUInt16LittleEndian(head[16..]);
        specialSize = pageSize - special;
        return BinaryPrimitives.ReadUInt16LittleEndian(head[18..]) == (pageSize | 4)
            && lower >= 24 && lower <= upper && upper <= special && special <= pageSize;
    }

    /// <summary>The header string (SQLite, "Database File Format", 1.3.1).</summary>
    private static bool IsSqlite(ReadOnlySpan<byte> head) => head.StartsWith("SQLite format 3\0"u8);

    /// <summary>A tablespace's first page: page number 0, type FIL_PAGE_TYPE_FSP_HDR, space number repeated in the header.</summary>
    private static bool IsInnoDb(ReadOnlySpan<byte> head)
    {
        const ushort tablespaceHeader = 8;
        return BinaryPrimitives.ReadUInt32BigEndian(head[4..]) == 0
            && BinaryPrimitives.ReadUInt16BigEndian(head[24..]) == tablespaceHeader
            && BinaryPrimitives.ReadUInt32BigEndian(head[34..]) == BinaryPrimitives.ReadUInt32BigEndian(head[38..]);
    }
}
