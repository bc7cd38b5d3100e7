using Kedge.Vault.Backup;
using Kedge.Vault.Restore;

namespace Kedge.Vault.Filters;

/// <summary>Leaves out what one of some lists of patterns matches, and all that lies below it.</summary>
public sealed class ExcludedPaths(IReadOnlyList<PathPatterns> lists) : IPathFilter, IRestoreFilter
{
    public bool Excludes(ReadOnlySpan<byte> path, bool isFolder)
    {
        foreach (var list in lists)
        {
            if (list.Match(path))
            {
                return true;
            }
        }

        return false;
    }

    public bool Wants(ReadOnlySpan<byte> path, bool isFolder, out bool descend)
    {
        var isWanted = !Excludes(path, isFolder);
        descend = isWanted && isFolder;
        return isWanted;
    }
}
