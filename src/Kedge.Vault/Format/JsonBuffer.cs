using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Kedge.Vault.Format;

/// <summary>
/// JSON (RFC 8259) that grows in pooled memory, escaped as Go's encoding/json does it, so that equal things become equal
/// bytes whoever writes them.
/// </summary>
internal sealed class JsonBuffer(int capacity) : IDisposable
{
    private static readonly SearchValues<byte> Careful = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(code => (byte)code), (byte)'"', (byte)'\\', (byte)'<', (byte)'>', (byte)'&', .. Enumerable.Range(0x80, 0x80).Select(code => (byte)code)]);

    private byte[] bytes = ArrayPool<byte>.Shared.Rent(capacity);

    public int Length { get; private set; }

    /// <summary>What was written, until the next change.</summary>
    public ReadOnlyMemory<byte> Written => bytes.AsMemory(0, Length);

    public void Clear() => Length = 0;

    public byte[] ToArray() => Written.ToArray();

    /// <summary>At least so many bytes to write to; <see cref="Advance"/> says how many were.</summary>
    /// <exception cref="VaultException"><see cref="VaultFault.Misuse"/> where it would become larger than memory can be.</exception>
    public Span<byte> Reserve(int count)
    {
        if (count > bytes.Length - Length)
        {
            Grow(count);
        }

        return bytes.AsSpan(Length);
    }

    public void Advance(int count) => Length += count;

    public void Append(ReadOnlySpan<byte> text)
    {
        text.CopyTo(Reserve(text.Length));
        Length += text.Length;
    }

    public void Append(char ascii)
    {
        Reserve(1)[0] = (byte)ascii;
        Length++;
    }

    public void AppendNumber(ulong number)
    {
        Utf8Formatter.TryFormat(number, Reserve(20), out var written);
        Length += written;
    }

    public void AppendFlag(bool flag) => Append(flag ? "true"u8 : "false"u8);

    public void AppendTime(GoTime time)
    {
        var text = Reserve(GoTimeText.MaximumLength + 2);
        text[0] = (byte)'"';
        var length = GoTimeText.Write(time, text[1..]) + 1;
        text[length] = (byte)'"';
        Length += length + 1;
    }

    public void AppendId(in ObjectId id)
    {
        var text = Reserve(ObjectId.HexLength + 2);
        text[0] = (byte)'"';
        Convert.TryToHexStringLower(id.Bytes, text[1..], out _);
        text[ObjectId.HexLength + 1] = (byte)'"';
        Length += ObjectId.HexLength + 2;
    }

    public void AppendBase64(ReadOnlySpan<byte> content)
    {
        var text = Reserve(Base64.GetMaxEncodedToUtf8Length(content.Length) + 2);
        text[0] = (byte)'"';
        Base64.EncodeToUtf8(content, text[1..], out _, out var written);
        text[written + 1] = (byte)'"';
        Length += written + 2;
    }

    public void AppendText(string text)
    {
        var utf8 = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        AppendText(utf8.AsSpan(0, Encoding.UTF8.GetBytes(text, utf8)));
        ArrayPool<byte>.Shared.Return(utf8);
    }

    /// <summary>A string. What is not UTF-8 in it becomes the replacement character, as with Go.</summary>
    public void AppendText(ReadOnlySpan<byte> text)
    {
        Append('"');
        while (text.IndexOfAny(Careful) is >= 0 and var plain)
        {
            Append(text[..plain]);
            text = text[plain..];
            if (text[0] < 0x80)
            {
                AppendEscape(text[0]);
                text = text[1..];
            }
            else
            {
                text = text[AppendRune(text)..];
            }
        }

        Append(text);
        Append('"');
    }

    public void AppendTexts(IReadOnlyList<string> texts)
    {
        Append('[');
        for (var at = 0; at < texts.Count; at++)
        {
            Append(at == 0 ? ""u8 : ","u8);
            AppendText(texts[at]);
        }

        Append(']');
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(bytes);
        bytes = [];
        Length = 0;
    }

    private void AppendEscape(byte special)
    {
        switch (special)
        {
            case (byte)'"':
                Append("\\\""u8);
                break;
            case (byte)'\\':
                Append("\\\\"u8);
                break;
            case (byte)'\b':
                Append("\\b"u8);
                break;
            case (byte)'\f':
                Append("\\f"u8);
                break;
            case (byte)'\n':
                Append("\\n"u8);
                break;
            case (byte)'\r':
                Append("\\r"u8);
                break;
            case (byte)'\t':
                Append("\\t"u8);
                break;
            default:
                Append("\\u00"u8);
                Append("0123456789abcdef"[special >> 4]);
                Append("0123456789abcdef"[special & 15]);
                break;
        }
    }

    private int AppendRune(ReadOnlySpan<byte> text)
    {
        if (Rune.DecodeFromUtf8(text, out var rune, out var length) != OperationStatus.Done)
        {
            // One for each byte, which is how Go counts them.
            Append("\\ufffd"u8);
            return 1;
        }

        // Line and paragraph separators, which JavaScript takes for ends of lines.
        Append(rune.Value is 0x2028 ? "\\u2028"u8 : rune.Value is 0x2029 ? "\\u2029"u8 : text[..length]);
        return length;
    }

    private void Grow(int count)
    {
        var needed = (long)Length + count;
        if (needed > Array.MaxLength)
        {
            throw new VaultException(VaultFault.Misuse, "a folder or an index of more than two gigabytes");
        }

        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(Array.MaxLength, Math.Max(needed, 2L * bytes.Length)));
        Written.Span.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(bytes);
        bytes = larger;
    }
}
