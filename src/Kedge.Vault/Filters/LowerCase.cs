using System.Buffers;
using System.Text;

namespace Kedge.Vault.Filters;

/// <summary>Paths in lower case, character by character (Unicode's simple mapping). Bytes that are no UTF-8 stay as they are.</summary>
internal static class LowerCase
{
    internal static byte[] Of(ReadOnlySpan<byte> text)
    {
        var lower = new byte[LongestOf(text.Length)];
        return lower[..Write(text, lower)];
    }

    /// <summary>A few characters of two bytes have a lower case of three.</summary>
    internal static int LongestOf(int length) => length + (length / 2) + 4;

    /// <returns>How many bytes were written.</returns>
    internal static int Write(ReadOnlySpan<byte> text, Span<byte> lower)
    {
        if (Ascii.ToLower(text, lower, out var written) == OperationStatus.Done)
        {
            return written;
        }

        written = 0;
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(text, out var character, out var length) == OperationStatus.Done)
            {
                // U+0130 is the one whose simple mapping .NET leaves out.
                written += (character.Value == 0x130 ? new Rune('i') : Rune.ToLowerInvariant(character)).EncodeToUtf8(lower[written..]);
            }
            else
            {
                length = 1;
                lower[written++] = text[0];
            }

            text = text[length..];
        }

        return written;
    }
}
