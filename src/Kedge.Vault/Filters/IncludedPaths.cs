using Kedge.Vault.Restore;

namespace Kedge.Vault.Filters;

/// <summary>Takes what one of some lists of patterns matches, and all that lies below it; does not go where nothing can match.</summary>
public sealed class IncludedPaths(IReadOnlyList<PathPatterns> lists) : IRestoreFilter
{
    public bool Wants(ReadOnlySpan<byte> path, bool isFolder, out bool descend)
    {
        var isWanted = false;
        descend = false;
        foreach (var list in lists)
        {
            isWanted |= list.Match(path, out var below);
            descend |= below && isFolder;
            if (isWanted && descend)
            {
                break;
            }
        }

        return isWanted;
    }
}
