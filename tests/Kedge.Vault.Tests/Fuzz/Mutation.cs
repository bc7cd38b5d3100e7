using System.Text;

namespace Kedge.Vault.Tests.Fuzz;

/// <summary>Changes objects as chance, a bad disk and a bad person would.</summary>
internal sealed class Mutation(Random random)
{
    private static readonly byte[][] Words = [.. new[]
    {
        "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u0000", "\\ud800", "\\ud83d\\ude00", "\\\\x", "\\\\U0010ffff", "null", "true", "false", "{}", "[]", "\"\"", " ", "\n", "\0",
        "0", "-1", "00", "1e400", "0.5", "4294967295", "4294967296", "9223372036854775807", "9223372036854775808", "18446744073709551615", "18446744073709551616",
        "\"id\":", "\"blobs\":[", "\"packs\":[", "\"packs_to_delete\":[", "\"supersedes\":[", "\"nodes\":[", "\"name\":", "\"content\":[", "\"tree\":", "\"..\"", "\"/\"",
        "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999999+23:59", "\u00ff", "\u2028",
    }.Select(Encoding.UTF8.GetBytes)];

    /// <param name="original">Stays as it is.</param>
    /// <param name="others">Pieces are taken from these.</param>
    public byte[] Of(byte[] original, IReadOnlyList<byte[]> others)
    {
        var bytes = original.ToList();
        for (var changes = 1 + random.Next(4); changes > 0; changes--)
        {
            Change(bytes, others);
        }

        return [.. bytes];
    }

    private void Change(List<byte> bytes, IReadOnlyList<byte[]> others)
    {
        var at = random.Next(bytes.Count + 1);
        var length = Math.Min(bytes.Count - at, 1 + random.Next(random.Next(2) == 0 ? 8 : 400));
        switch (random.Next(10))
        {
            case 0 when at < bytes.Count:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when at < bytes.Count:
                bytes[at] = (byte)random.Next(256);
                break;
            case 2:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 3:
                bytes.RemoveRange(at, length);
                break;
            case 4:
                bytes.InsertRange(random.Next(bytes.Count + 1), bytes.GetRange(at, length));
                break;
            case 5:
                var other = others[random.Next(others.Count)];
                var from = random.Next(other.Length + 1);
                bytes.InsertRange(at, other.AsSpan(from, Math.Min(other.Length - from, length)).ToArray());
                break;
            case 6:
                ReplaceNumber(bytes, at);
                break;
            case 7 when random.Next(20) == 0:
                var bomb = random.Next(4) switch { 0 => "[", 1 => "{\"a\":", 2 => "\"", _ => "9" };
                bytes.InsertRange(at, Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(bomb, random.Next(2) == 0 ? 70 : 30_000))));
                break;
            default:
                bytes.InsertRange(at, Words[random.Next(Words.Length)]);
                break;
        }
    }

    private void ReplaceNumber(List<byte> bytes, int at)
    {
        var first = bytes.FindIndex(Math.Min(at, Math.Max(0, bytes.Count - 1)), code => char.IsAsciiDigit((char)code));
        if (first >= 0)
        {
            var end = bytes.FindIndex(first, code => !char.IsAsciiDigit((char)code));
            bytes.RemoveRange(first, (end < 0 ? bytes.Count : end) - first);
            bytes.InsertRange(first, Encoding.ASCII.GetBytes(random.Next(4) switch
            {
                0 => "0",
                1 => random.NextInt64().ToString(),
                2 => new string('9', random.Next(1, 40)),
                _ => random.Next(70_000).ToString(),
            }));
        }
    }
}
