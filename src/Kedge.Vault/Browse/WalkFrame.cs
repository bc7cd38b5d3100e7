using Kedge.Vault.Files;
using Kedge.Vault.Format;

namespace Kedge.Vault.Browse;

/// <summary>
/// A folder in which a walk is. A second reader goes before the first one and has the trees fetched that will be needed
/// next.
/// </summary>
internal sealed class WalkFrame(ReadOnlyMemory<byte> path, ObjectId tree, WalkChoice choice)
{
    private readonly TreeReader entries = new(anyOrder: false);
    private readonly TreeReader scout = new(anyOrder: false);
    private readonly TreeNode scouted = new();
    private bool isScouted;

    internal ReadOnlyMemory<byte> Path { get; } = path;

    internal ObjectId Tree { get; } = tree;

    /// <summary>How much the walk had shown when it came here.</summary>
    internal long ShownBefore { get; set; }

    /// <summary>Trees of the next folders to descend into, in their order.</summary>
    internal Queue<TreeFetch> Ahead { get; } = new();

    /// <param name="json">The tree; null where it cannot be read.</param>
    internal void Begin(byte[]? json)
    {
        if (json is null)
        {
            isScouted = true;
            return;
        }

        entries.Begin(json);
        scout.Begin(json);
    }

    /// <returns>False at the folder's end.</returns>
    /// <exception cref="VaultException"><see cref="VaultFault.Damaged"/>, where it is no tree, or holds what no folder can.</exception>
    internal bool TryReadNext(TreeNode node, out byte[] path, out WalkStep step)
    {
        (path, step) = ([], WalkStep.Pass);
        if (!entries.TryReadNext(node))
        {
            return false;
        }

        Demand(node);
        path = PathBytes.Join(Path.Span, node.Name);
        step = choice(path, node);
        return true;
    }

    /// <summary>The next folder to descend into that was not fetched yet; null where there is none.</summary>
    internal ObjectId? Scout()
    {
        while (!isScouted && TryScout())
        {
            if (scouted.Kind == NodeKind.Folder && choice(PathBytes.Join(Path.Span, scouted.Name), scouted).HasFlag(WalkStep.Descend))
            {
                return scouted.Subtree;
            }
        }

        isScouted = true;
        return null;
    }

    private bool TryScout()
    {
        try
        {
            return scout.TryReadNext(scouted);
        }
        catch (VaultException problem) when (problem.Fault == VaultFault.Damaged)
        {
            // The first reader will come upon it, and tell.
            return false;
        }
    }

    /// <summary>
    /// Nobody makes such entries in good faith, and a path with them would not be what it seems. Names that are merely too
    /// long for Linux may come from elsewhere.
    /// </summary>
    private void Demand(TreeNode node)
    {
        var problem = node.Name.Length > TreeNode.LongestName && !node.Name.ContainsAny((byte)'/', (byte)0) ? null : node.NameProblem;
        if ((problem ?? node.KindProblem) is { } what)
        {
            throw VaultException.Damaged($"an entry of {PathText.Of(Path.Span)} (tree {Tree.Short}) {what}", "Run 'kedge vault check' to see what is damaged.");
        }
    }
}
