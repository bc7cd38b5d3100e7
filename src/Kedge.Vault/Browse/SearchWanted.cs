using Kedge.Vault.Filters;
using Kedge.Vault.Format;

namespace Kedge.Vault.Browse;

/// <summary>Which entries of snapshots are looked for.</summary>
public sealed record SearchWanted
{
    /// <summary>Of which one has to match. As in restic, what lies below a match matches, too.</summary>
    public required PathPatterns Patterns { get; init; }

    /// <summary>Last changed at this time or later.</summary>
    public GoTime? Oldest { get; init; }

    /// <summary>Last changed at this time or earlier.</summary>
    public GoTime? Newest { get; init; }

    /// <summary>Told of folders that cannot be read, of each once; the search goes on. Where it is null, the first one ends it.</summary>
    public Action<UnreadableFolder>? OnUnreadable { get; init; }

    internal bool Fits(TreeNode node) => !(Oldest is { } oldest && node.ModifiedAt < oldest) && !(Newest is { } newest && node.ModifiedAt > newest);
}
