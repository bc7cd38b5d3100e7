using Kedge.Vault.Files;

namespace Kedge.Vault.Filters;

/// <summary>Finds what exists under a pattern, as Go's <c>path/filepath.Glob</c> and the shells do: names between slashes, each as in <see cref="NamePattern"/>.</summary>
public static class PathGlob
{
    /// <param name="pattern">Absolute or relative to the working folder, as bytes. Without wildcards it stands for itself where that exists.</param>
    /// <returns>In the order of their bytes; what cannot be listed is left out.</returns>
    /// <exception cref="VaultException"><see cref="VaultFault.Misuse"/>: the pattern is malformed.</exception>
    public static IReadOnlyList<byte[]> Expand(byte[] pattern)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        List<byte[]> found = [PathBytes.IsAbsolute(pattern) ? "/"u8.ToArray() : []];
        foreach (var range in pattern.AsSpan().Split(PathBytes.Separator))
        {
            var name = pattern.AsSpan(range);
            if (!name.IsEmpty)
            {
                found = Below(found, name.ToArray(), pattern);
            }
        }

        return found.Count > 0 && found[0].Length == 0 ? [] : found;
    }

    private static List<byte[]> Below(List<byte[]> folders, byte[] name, byte[] pattern)
    {
        var wanted = NamePattern.Parse(name)
            ?? throw new VaultException(VaultFault.Misuse, $"the pattern '{PathText.Of(pattern)}' is malformed", @"Close what [ opens, and write \ before a character that shall stand for itself.");
        var found = new List<byte[]>();
        var listing = new FolderListing();
        foreach (var path in folders)
        {
            var error = FolderHandle.Open(path.Length == 0 ? "."u8 : path, out var folder);
            using (folder)
            {
                if (error != Errno.None)
                {
                    continue;
                }

                if (!name.AsSpan().ContainsAny(@"\[*?"u8))
                {
                    if (name is [(byte)'.'] or [(byte)'.', (byte)'.'] || folder.StatusOf(name, out _) == Errno.None)
                    {
                        found.Add(PathBytes.Join(path, name));
                    }

                    continue;
                }

                error = listing.Read(folder);
                for (var i = 0; i < (error == Errno.None ? listing.Count : 0); i++)
                {
                    if (wanted.Matches(listing[i].Name))
                    {
                        found.Add(PathBytes.Join(path, listing[i].Name));
                    }
                }
            }
        }

        return found;
    }
}
