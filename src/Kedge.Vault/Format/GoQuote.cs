using System.Buffers;
using System.Globalization;
using System.Text;

namespace Kedge.Vault.Format;

/// <summary>
/// Names that need not be UTF-8, as text: what Go's strconv.Quote makes of them, without the quotes, so that every restic
/// reads back the same bytes.
/// </summary>
internal static class GoQuote
{
    private const string Letters = "abfnrtv\\\"", Meanings = "\a\b\f\n\r\t\v\\\"";

    /// <summary>What stands for itself, in Go's quotes and in JSON's.</summary>
    private static readonly SearchValues<byte> Plain = SearchValues.Create(
        [.. Enumerable.Range(' ', 0x7f - ' ').Select(code => (byte)code).Where(code => !"\"\\<>&"u8.Contains(code))]);

    private static readonly SearchValues<byte> Ends = SearchValues.Create("\\\"\n"u8);

    /// <summary>Resolves Go's escapes where they stand.</summary>
    /// <returns>False where strconv.Unquote would refuse.</returns>
    internal static bool TryUnquote(Span<byte> text, out int length)
    {
        length = 0;
        ReadOnlySpan<byte> rest = text;
        while (!rest.IsEmpty)
        {
            var run = rest.IndexOfAny(Ends);
            run = run < 0 ? rest.Length : run;
            rest[..run].CopyTo(text[length..]);
            length += run;
            rest = rest[run..];
            if (!rest.IsEmpty && (rest[0] != '\\' || !TryTakeEscape(ref rest, text, ref length)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The quoted name as a JSON string.</summary>
    internal static void Append(JsonBuffer buffer, ReadOnlySpan<byte> name)
    {
        buffer.Append('"');
        while (name.IndexOfAnyExcept(Plain) is >= 0 and var run)
        {
            buffer.Append(name[..run]);
            name = name[run..];
            name = name[AppendRune(buffer, name)..];
        }

        buffer.Append(name);
        buffer.Append('"');
    }

    /// <summary>For people: as it is where that is harmless, and else in Go's quotes.</summary>
    internal static string Describe(ReadOnlySpan<byte> name)
    {
        var text = new StringBuilder();
        for (var rest = name; !rest.IsEmpty;)
        {
            var status = Rune.DecodeFromUtf8(rest, out var rune, out var length);
            length = status == OperationStatus.Done ? length : 1;
            text.Append(status != OperationStatus.Done ? $"\\x{rest[0]:x2}"
                : rune.Value is '"' or '\\' ? "\\" + rune
                : IsPrint(rune) ? rune.ToString() : Escape(rune));
            rest = rest[length..];
        }

        var quoted = text.ToString();
        return quoted.Length == Encoding.UTF8.GetCharCount(name) && quoted.AsSpan().Trim().Length == quoted.Length && quoted.Length > 0 ? quoted : $"\"{quoted}\"";
    }

    private static int AppendRune(JsonBuffer buffer, ReadOnlySpan<byte> name)
    {
        if (Rune.DecodeFromUtf8(name, out var rune, out var length) != OperationStatus.Done)
        {
            AppendEscape(buffer, $"\\x{name[0]:x2}");
            return 1;
        }

        switch (rune.Value)
        {
            case '"':
                buffer.Append("\\\\\\\""u8);
                break;
            case '\\':
                buffer.Append("\\\\\\\\"u8);
                break;
            case '<' or '>' or '&':
                buffer.Append(rune.Value == '<' ? "\\u003c"u8 : rune.Value == '>' ? "\\u003e"u8 : "\\u0026"u8);
                break;
            case var _ when IsPrint(rune):
                buffer.Append(name[..length]);
                break;
            default:
                AppendEscape(buffer, Escape(rune));
                break;
        }

        return length;
    }

    /// <summary>The backslash of Go's escape is one that JSON escapes again.</summary>
    private static void AppendEscape(JsonBuffer buffer, string escape)
    {
        buffer.Append('\\');
        foreach (var letter in escape)
        {
            buffer.Append(letter);
        }
    }

    private static string Escape(Rune rune) =>
        Meanings.IndexOf((char)rune.Value, StringComparison.Ordinal) is >= 0 and var at && rune.IsAscii ? $"\\{Letters[at]}"
        : rune.Value < ' ' || rune.Value == 0x7f ? $"\\x{rune.Value:x2}"
        : rune.IsBmp ? $"\\u{rune.Value:x4}" : $"\\U{rune.Value:x8}";

    /// <summary>Go's strconv.IsPrint. Where its tables of Unicode are older than ours it escapes what we do not, which reads back alike.</summary>
    private static bool IsPrint(Rune rune) => rune.Value == ' ' || Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Control
        or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);

    private static bool TryTakeEscape(ref ReadOnlySpan<byte> rest, Span<byte> text, ref int length)
    {
        if (rest.Length < 2)
        {
            return false;
        }

        var letter = (char)rest[1];
        if (Letters.IndexOf(letter, StringComparison.Ordinal) is >= 0 and var at)
        {
            rest = rest[2..];
            text[length++] = (byte)Meanings[at];
            return true;
        }

        var (start, digits, radix) = letter switch { 'x' => (2, 2, 16), 'u' => (2, 4, 16), 'U' => (2, 8, 16), >= '0' and <= '7' => (1, 3, 8), _ => (0, 0, 0) };
        if (digits == 0 || rest.Length < start + digits || !TryParse(rest.Slice(start, digits), radix, out var value))
        {
            return false;
        }

        rest = rest[(start + digits)..];
        if (letter is 'u' or 'U')
        {
            if (!Rune.IsValid(value))
            {
                return false;
            }

            length += new Rune(value).EncodeToUtf8(text[length..]);
            return true;
        }

        text[length++] = (byte)value;
        return value <= byte.MaxValue;
    }

    private static bool TryParse(ReadOnlySpan<byte> digits, int radix, out uint value)
    {
        value = 0;
        foreach (var digit in digits)
        {
            var one = char.IsAsciiHexDigit((char)digit) ? digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10 : radix;
            if (one >= radix)
            {
                return false;
            }

            value = (value * (uint)radix) + (uint)one;
        }

        return true;
    }
}
