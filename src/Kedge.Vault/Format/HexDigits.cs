using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Kedge.Vault.Format;

/// <summary>Ids from their digits, sixteen at a time: an index of thirty million blobs has four gigabytes of them.</summary>
internal static class HexDigits
{
    /// <param name="hex">At least <see cref="ObjectId.HexLength"/> bytes; only those are looked at.</param>
    /// <returns>False where one of them is no lower-case hexadecimal digit.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool TryDecode(ReadOnlySpan<byte> hex, out ObjectId id)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(hex.Length, ObjectId.HexLength);
        ref var digits = ref MemoryMarshal.GetReference(hex);
        var valid = Nibbles(ref digits, 0, out var first) & Nibbles(ref digits, 16, out var second)
            & Nibbles(ref digits, 32, out var third) & Nibbles(ref digits, 48, out var fourth);
        Unsafe.SkipInit(out id);
        ref var bytes = ref Unsafe.As<ObjectId, byte>(ref id);
        Vector128.Narrow(first, second).StoreUnsafe(ref bytes);
        Vector128.Narrow(third, fourth).StoreUnsafe(ref bytes, 16);
        return valid == Vector128<byte>.AllBitsSet;
    }

    /// <summary>Sixteen digits as eight bytes, each in the lower half of an element; and which of the digits are some.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Nibbles(ref byte digits, nuint at, out Vector128<ushort> pairs)
    {
        var text = Vector128.LoadUnsafe(ref digits, at);
        var isDigit = Vector128.LessThan(text - Vector128.Create((byte)'0'), Vector128.Create((byte)10));
        var letter = text - Vector128.Create((byte)'a');
        var isLetter = Vector128.LessThan(letter, Vector128.Create((byte)6));
        var values = Vector128.ConditionalSelect(isLetter, letter + Vector128.Create((byte)10), text - Vector128.Create((byte)'0')).AsUInt16();

        // Little endian: the first digit, which is the upper half of the byte, is the element's lower byte.
        pairs = ((values << 4) | (values >> 8)) & Vector128.Create((ushort)0xff);
        return isDigit | isLetter;
    }
}
