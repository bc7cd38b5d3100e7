using System.Text;

namespace Kedge.Vault.Files;

/// <summary>Paths as the system has them: bytes, with <c>/</c> between the names. All of this looks at the bytes only.</summary>
internal static class PathBytes
{
    internal const byte Separator = (byte)'/';

    /// <summary>A text that a person gave, in UTF-8.</summary>
    internal static byte[] Of(string text) => Encoding.UTF8.GetBytes(text);

    internal static bool IsAbsolute(ReadOnlySpan<byte> path) => !path.IsEmpty && path[0] == Separator;

    /// <summary><paramref name="below"/> as seen from <paramref name="path"/>; an absolute one stays as it is.</summary>
    internal static byte[] Join(ReadOnlySpan<byte> path, ReadOnlySpan<byte> below)
    {
        if (path.IsEmpty || IsAbsolute(below))
        {
            return below.ToArray();
        }

        return below.IsEmpty ? path.ToArray() : path[^1] == Separator ? [.. path, .. below] : [.. path, Separator, .. below];
    }

    /// <summary>A way of any number of steps as a path, and an entry at its end; the entry may be empty.</summary>
    internal static byte[] Join(IEnumerable<byte[]> way, ReadOnlySpan<byte> entry)
    {
        var path = new PathBuffer([]);
        foreach (var step in way)
        {
            path.Append(step);
        }

        if (!entry.IsEmpty)
        {
            path.Append(entry);
        }

        return path.Bytes.ToArray();
    }

    /// <summary>The name after the last slash; slashes at the end do not count. Empty for <c>/</c>.</summary>
    internal static ReadOnlySpan<byte> Name(ReadOnlySpan<byte> path)
    {
        path = path.TrimEnd(Separator);
        return path[(path.LastIndexOf(Separator) + 1)..];
    }

    /// <summary>What stands before <see cref="Name"/>: <c>/</c> below the root, <c>.</c> where there is no slash.</summary>
    internal static ReadOnlySpan<byte> Parent(ReadOnlySpan<byte> path)
    {
        path = path.TrimEnd(Separator);
        var slash = path.LastIndexOf(Separator);
        if (slash < 0)
        {
            return path.IsEmpty ? "/"u8 : "."u8;
        }

        var parent = path[..slash].TrimEnd(Separator);
        return parent.IsEmpty ? "/"u8 : parent;
    }

    /// <summary>
    /// The shortest path of the same meaning where no symbolic link is involved: no <c>.</c>, no doubled slash, <c>..</c>
    /// only at the beginning of a relative one.
    /// </summary>
    internal static byte[] Clean(ReadOnlySpan<byte> path)
    {
        var absolute = IsAbsolute(path);
        List<byte[]> names = [];
        foreach (var range in path.Split(Separator))
        {
            var name = path[range];
            if (name.IsEmpty || name.SequenceEqual("."u8))
            {
                continue;
            }

            if (!name.SequenceEqual(".."u8) || (!absolute && (names.Count == 0 || names[^1].AsSpan().SequenceEqual(".."u8))))
            {
                names.Add(name.ToArray());
            }
            else if (names.Count > 0)
            {
                names.RemoveAt(names.Count - 1);
            }
        }

        var clean = new PathBuffer(absolute ? "/"u8 : []);
        foreach (var name in names)
        {
            clean.Append(name);
        }

        return clean.Length == 0 ? "."u8.ToArray() : clean.Bytes.ToArray();
    }
}
