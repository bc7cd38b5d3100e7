using Kedge.Vault.Files;

namespace Kedge.Vault.Backup;

/// <summary>What of a folder is to be backed up, in the order of the names' bytes. Does not change; any thread may read it.</summary>
internal sealed class ChosenEntries
{
    private readonly FolderListing listing;
    private readonly int[] chosen;
    private readonly FileKind[] kinds;

    private ChosenEntries(FolderListing listing, int[] chosen, FileKind[] kinds) => (this.listing, this.chosen, this.kinds) = (listing, chosen, kinds);

    internal int Count => chosen.Length;

    /// <param name="only">Names to take, of all that is there; null for all.</param>
    internal static ChosenEntries Of(FolderListing listing, FolderUnit folder, BackupWanted wanted, IReadOnlyCollection<byte[]>? only)
    {
        var filter = wanted.Filter;
        only ??= MarkedFolder.MarkerIn(listing, folder.Handle, wanted.Markers);
        var chosen = new List<int>(listing.Count);
        var kinds = new List<FileKind>(listing.Count);
        var path = filter is null ? null : new PathBuffer(folder.Path());
        for (var i = 0; i < listing.Count; i++)
        {
            var entry = listing[i];
            var kind = entry.Kind;
            if (kind == FileKind.Unknown && folder.Handle.StatusOf(entry.Name, out var status) == Errno.None)
            {
                kind = status.Kind;
            }

            if (IsWanted(entry.Name, kind, path, filter, only))
            {
                chosen.Add(i);
                kinds.Add(kind);
            }
        }

        return new(listing, [.. chosen], [.. kinds]);
    }

    internal ReadOnlySpan<byte> NameOf(int index) => listing[chosen[index]].Name;

    internal FileKind KindOf(int index) => kinds[index];

    private static bool IsWanted(ReadOnlySpan<byte> name, FileKind kind, PathBuffer? path, IPathFilter? filter, IReadOnlyCollection<byte[]>? only)
    {
        if (only is not null)
        {
            var found = false;
            foreach (var one in only)
            {
                found |= one.AsSpan().SequenceEqual(name);
            }

            return found;
        }

        if (filter is null)
        {
            return true;
        }

        var before = path!.Append(name);
        var isExcluded = filter.Excludes(path.Bytes, kind == FileKind.Folder);
        path.CutTo(before);
        return !isExcluded;
    }
}
