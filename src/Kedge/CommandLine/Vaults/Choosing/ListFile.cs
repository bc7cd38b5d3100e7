using System.Text;
using Kedge.CommandLine.Terminals;

namespace Kedge.CommandLine.Vaults.Choosing;

/// <summary>A file of patterns or names that an option points to.</summary>
internal static class ListFile
{
    /// <summary>Its lines, without what ends them. UTF-16 with its mark becomes UTF-8; all else stays the bytes that it is.</summary>
    /// <param name="path"><c>-</c> for standard input.</param>
    /// <param name="option">Which pointed to it.</param>
    public static List<byte[]> Lines(CommandHost host, string path, string option)
    {
        var lines = Split(Read(host, path, option), (byte)'\n');
        for (var i = 0; i < lines.Count; i++)
        {
            lines[i] = lines[i] is [.. var line, (byte)'\r'] ? line : lines[i];
        }

        return lines;
    }

    /// <summary>Names that each end with a zero byte.</summary>
    public static List<byte[]> ZeroEnded(CommandHost host, string path, string option)
    {
        var bytes = Read(host, path, option);
        if (bytes is [.., not 0])
        {
            throw new VerbException(ExitCodes.Failed, $"{option} {path}: the last name has no zero byte at its end", "Make the list with find -print0, or use --files-from-verbatim for lines.");
        }

        var names = Split(bytes, 0);
        return names.TrueForAll(n => n.Length > 0) ? names
            : throw new VerbException(ExitCodes.Failed, $"{option} {path}: one of its names is empty", "Make the list with find -print0.");
    }

    /// <summary>
    /// Patterns as restic reads them: blanks around them, empty lines and those that begin with # do not count; $NAME and
    /// ${NAME} stand for variables of the environment, $$ for a dollar sign.
    /// </summary>
    public static IEnumerable<byte[]> Patterns(CommandHost host, string path, string option) =>
        from line in Lines(host, path, option)
        let pattern = Trim(line)
        where pattern.Length > 0 && pattern[0] != '#'
        select Expand(pattern, host.Environment);

    public static byte[] Trim(byte[] line) => line.AsSpan().Trim(" \t\r\n\v\f"u8).ToArray();

    private static byte[] Read(CommandHost host, string path, string option)
    {
        try
        {
            if (path == "-")
            {
                using var input = host.OpenInput();
                using var all = new MemoryStream();
                input.CopyTo(all);
                return all.ToArray();
            }

            var bytes = File.ReadAllBytes(Path.GetFullPath(path, host.Folder));
            return bytes switch
            {
                [0xEF, 0xBB, 0xBF, .. var text] => text,
                [0xFF, 0xFE, .. var text] => Encoding.UTF8.GetBytes(Encoding.Unicode.GetString(text)),
                [0xFE, 0xFF, .. var text] => Encoding.UTF8.GetBytes(Encoding.BigEndianUnicode.GetString(text)),
                _ => bytes,
            };
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new VerbException(ExitCodes.Failed, $"{option} {path}: the file cannot be read", "Name a file that exists and that you may read.");
        }
    }

    private static List<byte[]> Split(ReadOnlySpan<byte> bytes, byte end)
    {
        var parts = new List<byte[]>();
        while (!bytes.IsEmpty)
        {
            var at = bytes.IndexOf(end);
            parts.Add(bytes[..(at < 0 ? bytes.Length : at)].ToArray());
            bytes = at < 0 ? [] : bytes[(at + 1)..];
        }

        return parts;
    }

    private static byte[] Expand(byte[] pattern, Func<string, string?> environment)
    {
        if (!pattern.Contains((byte)'$'))
        {
            return pattern;
        }

        var expanded = new List<byte>();
        ReadOnlySpan<byte> rest = pattern;
        while (rest.IndexOf((byte)'$') is var at and >= 0)
        {
            expanded.AddRange(rest[..at]);
            rest = rest[(at + 1)..];
            var name = NameAt(ref rest);
            expanded.AddRange(name == "$" ? "$"u8 : Encoding.UTF8.GetBytes(environment(name) ?? ""));
        }

        expanded.AddRange(rest);
        return [.. expanded];
    }

    /// <summary>What stands behind a dollar sign; empty where that is no name.</summary>
    private static string NameAt(ref ReadOnlySpan<byte> rest)
    {
        if (rest.StartsWith("$"u8))
        {
            rest = rest[1..];
            return "$";
        }

        if (rest.StartsWith("{"u8) && rest.IndexOf((byte)'}') is var close and > 0)
        {
            var inBraces = Encoding.UTF8.GetString(rest[1..close]);
            rest = rest[(close + 1)..];
            return inBraces;
        }

        var length = 0;
        while (length < rest.Length && (char.IsAsciiLetterOrDigit((char)rest[length]) || rest[length] == '_'))
        {
            length++;
        }

        var name = Encoding.ASCII.GetString(rest[..length]);
        rest = rest[length..];
        return name;
    }
}
