using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Kedge.Vault.Format;

/// <summary>What stands between the quotes of a JSON string (RFC 8259), as bytes of UTF-8.</summary>
internal static class JsonText
{
    /// <summary>What may not stand for itself: it ends the string, escapes, or is forbidden.</summary>
    internal static readonly SearchValues<byte> Special = SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(code => (byte)code), (byte)'"', (byte)'\\']);

    /// <summary>Resolves the escapes.</summary>
    /// <param name="raw">Without its quotes.</param>
    /// <param name="plain">At least as long as <paramref name="raw"/>, and may be the same memory.</param>
    /// <returns>False where an escape has no meaning, a surrogate is alone, or the result is not UTF-8.</returns>
    internal static bool TryUnescape(ReadOnlySpan<byte> raw, Span<byte> plain, out int length)
    {
        length = 0;
        while (!raw.IsEmpty)
        {
            var run = raw.IndexOf((byte)'\\');
            if (run != 0)
            {
                run = run < 0 ? raw.Length : run;
                raw[..run].CopyTo(plain[length..]);
                length += run;
                raw = raw[run..];
            }
            else if (!TryTakeEscape(ref raw, plain, ref length))
            {
                return false;
            }
        }

        return Utf8.IsValid(plain[..length]);
    }

    /// <summary>The text of a JSON string's content; null where it is none.</summary>
    internal static string? Decode(ReadOnlySpan<byte> raw)
    {
        if (!raw.Contains((byte)'\\'))
        {
            return Utf8.IsValid(raw) ? Encoding.UTF8.GetString(raw) : null;
        }

        var plain = ArrayPool<byte>.Shared.Rent(raw.Length);
        try
        {
            return TryUnescape(raw, plain, out var length) ? Encoding.UTF8.GetString(plain, 0, length) : null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(plain);
        }
    }

    /// <summary>From decimal digits alone: no sign, fraction or exponent, as Go reads whole numbers.</summary>
    internal static bool TryParseNumber(ReadOnlySpan<byte> digits, out ulong number)
    {
        number = 0;
        if (digits.IsEmpty || digits.Length > 20 || (digits[0] == '0' && digits.Length > 1))
        {
            return false;
        }

        foreach (var digit in digits)
        {
            var value = (uint)(digit - '0');
            if (value > 9 || number > (ulong.MaxValue - value) / 10)
            {
                return false;
            }

            number = (number * 10) + value;
        }

        return true;
    }

    private static bool TryTakeEscape(ref ReadOnlySpan<byte> raw, Span<byte> plain, ref int length)
    {
        if (raw.Length < 2)
        {
            return false;
        }

        if (raw[1] != 'u')
        {
            const string letters = "\"\\/bfnrt", meanings = "\"\\/\b\f\n\r\t";
            var which = letters.IndexOf((char)raw[1], StringComparison.Ordinal);
            raw = raw[2..];
            if (which < 0)
            {
                return false;
            }

            plain[length++] = (byte)meanings[which];
            return true;
        }

        if (!TryTakeUnit(ref raw, out var unit) || char.IsLowSurrogate(unit))
        {
            return false;
        }

        var rune = (int)unit;
        if (char.IsHighSurrogate(unit))
        {
            if (!TryTakeUnit(ref raw, out var low) || !char.IsLowSurrogate(low))
            {
                return false;
            }

            rune = char.ConvertToUtf32(unit, low);
        }

        length += new Rune(rune).EncodeToUtf8(plain[length..]);
        return true;
    }

    private static bool TryTakeUnit(ref ReadOnlySpan<byte> raw, out char unit)
    {
        unit = default;
        if (raw.Length < 6 || raw[0] != '\\' || raw[1] != 'u')
        {
            return false;
        }

        var value = 0;
        foreach (var digit in raw[2..6])
        {
            if (!char.IsAsciiHexDigit((char)digit))
            {
                return false;
            }

            value = (value << 4) | (digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
        }

        unit = (char)value;
        raw = raw[6..];
        return true;
    }
}
