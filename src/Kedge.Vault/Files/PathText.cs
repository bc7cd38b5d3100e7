using System.Buffers;
using System.Globalization;
using System.Text;

namespace Kedge.Vault.Files;

/// <summary>
/// Shows paths to people. What is valid UTF-8 stands as it is; bytes that are not, control characters, and what would break
/// the line or turn the direction of writing, become <c>\xHH</c>, so that no name can forge a terminal's output.
/// </summary>
internal static class PathText
{
    internal static string Of(ReadOnlySpan<byte> path)
    {
        if (!path.ContainsAnyExceptInRange((byte)' ', (byte)'~'))
        {
            return Encoding.ASCII.GetString(path);
        }

        var text = new StringBuilder(path.Length + 16);
        while (!path.IsEmpty)
        {
            var whole = Rune.DecodeFromUtf8(path, out var rune, out var length) == OperationStatus.Done;
            if (whole && IsPlain(rune))
            {
                text.Append(rune);
            }
            else
            {
                foreach (var part in path[..length])
                {
                    text.Append(CultureInfo.InvariantCulture, $"\\x{part:x2}");
                }
            }

            path = path[length..];
        }

        return text.ToString();
    }

    private static bool IsPlain(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
        && rune.Value is not (0x061c or 0x200e or 0x200f or (>= 0x202a and <= 0x202e) or (>= 0x2066 and <= 0x2069));
}
