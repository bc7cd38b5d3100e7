using System.Runtime.CompilerServices;
using Kedge.Vault.Crypto;

namespace Kedge.Vault.Format;

/// <summary>
/// Recognises the pieces of an index as restic and we write them, to the byte. What it accepts means exactly what the slow
/// reader would say; what it does not accept may be fine all the same.
/// </summary>
internal static class IndexShape
{
    /// <summary>The longest that a blob can be, so that one look at the end is enough.</summary>
    private const int LongestBlob = 160;

    /// <summary>Takes a pack up to its first blob: its id, and the bracket behind "blobs".</summary>
    internal static bool TryTakePack(ref JsonCursor cursor, out ObjectId id)
    {
        const int length = 7 + ObjectId.HexLength + 11;
        var text = cursor.Rest;
        if (text.Length >= length && text.StartsWith("{\"id\":\""u8) && text[(7 + ObjectId.HexLength)..].StartsWith("\",\"blobs\":["u8)
            && HexDigits.TryDecode(text[7..], out id))
        {
            cursor.Position += length;
            return true;
        }

        id = default;
        return false;
    }

    internal static bool TryTakeBlob(ref JsonCursor cursor, out BlobEntry entry)
    {
        const int typeAt = 7 + ObjectId.HexLength;
        var text = cursor.Rest;
        if (text.Length < LongestBlob || !text.StartsWith("{\"id\":\""u8) || !HexDigits.TryDecode(text[7..], out var id))
        {
            entry = default;
            return false;
        }

        var type = text[typeAt..];
        var isTree = type.StartsWith("\",\"type\":\"tree\",\"offset\":"u8);
        if (!isTree && !type.StartsWith("\",\"type\":\"data\",\"offset\":"u8))
        {
            entry = default;
            return false;
        }

        var at = typeAt + 25;
        uint plainLength = 0;
        var good = TryTakeNumber(text, ref at, out var offset) & TryTakeLiteral(text, ref at, ",\"length\":"u8) & TryTakeNumber(text, ref at, out var length);
        if (TryTakeLiteral(text, ref at, ",\"uncompressed_length\":"u8))
        {
            good &= TryTakeNumber(text, ref at, out plainLength);
        }

        if (!good || text[at] != '}' || !CanBe(offset, length))
        {
            entry = default;
            return false;
        }

        cursor.Position += at + 1;
        entry = new(new(isTree ? BlobKind.Tree : BlobKind.Data, id), offset, length, plainLength);
        return true;
    }

    /// <summary>Whether a blob can stand there: it is sealed, and packs end below 4 GiB.</summary>
    internal static bool CanBe(ulong offset, ulong length) => length >= Sealing.Overhead && offset + length <= uint.MaxValue;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryTakeLiteral(ReadOnlySpan<byte> text, ref int at, ReadOnlySpan<byte> literal)
    {
        if (!text[at..].StartsWith(literal))
        {
            return false;
        }

        at += literal.Length;
        return true;
    }

    /// <summary>At most ten digits, without a zero in front.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryTakeNumber(ReadOnlySpan<byte> text, ref int at, out uint number)
    {
        var first = at;
        ulong value = 0;
        for (uint digit; at < text.Length && (digit = (uint)(text[at] - '0')) <= 9 && at - first < 10; at++)
        {
            value = (value * 10) + digit;
        }

        number = (uint)value;
        return at > first && value <= uint.MaxValue && (text[first] != '0' || at - first == 1);
    }
}
