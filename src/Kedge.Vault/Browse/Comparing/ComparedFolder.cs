using Kedge.Vault.Files;
using Kedge.Vault.Format;

namespace Kedge.Vault.Browse.Comparing;

/// <summary>A folder in two snapshots, or in one of them: goes through the entries of both by name.</summary>
internal sealed class ComparedFolder
{
    private readonly Side before;
    private readonly Side after;

    /// <param name="path">Ends with a slash.</param>
    /// <param name="before">Null where it does not exist there, or cannot be read.</param>
    internal ComparedFolder(byte[] path, byte[]? before, byte[]? after)
    {
        Path = path;
        this.before = new(before);
        this.after = new(after);
    }

    internal byte[] Path { get; }

    /// <summary>The next name's nodes, of which one may be null. Both are valid until the next call.</summary>
    /// <returns>False at the end.</returns>
    /// <exception cref="VaultException"><see cref="VaultFault.Damaged"/>.</exception>
    internal bool TryReadNext(out TreeNode? old, out TreeNode? now)
    {
        (old, now) = (before.Peek(), after.Peek());
        if (old is not null && now is not null)
        {
            var order = old.Name.SequenceCompareTo(now.Name);
            (old, now) = (order <= 0 ? old : null, order >= 0 ? now : null);
        }

        before.IsTaken |= old is not null;
        after.IsTaken |= now is not null;
        return old is not null || now is not null;
    }

    internal byte[] PathOf(TreeNode node, bool isFolder) => isFolder
        ? [.. PathBytes.Join(Path, node.Name), PathBytes.Separator]
        : PathBytes.Join(Path, node.Name);

    private sealed class Side
    {
        private readonly TreeReader? entries;
        private readonly TreeNode node = new();
        private bool isEnded;

        internal Side(byte[]? json)
        {
            isEnded = json is null;
            if (json is not null)
            {
                entries = new(anyOrder: false);
                entries.Begin(json);
            }
        }

        /// <summary>Whether the present node was given out.</summary>
        internal bool IsTaken { get; set; } = true;

        internal TreeNode? Peek()
        {
            if (!isEnded && IsTaken)
            {
                isEnded = !entries!.TryReadNext(node);
                IsTaken = false;
                if (!isEnded && node.KindProblem is { } problem)
                {
                    throw VaultException.Damaged($"an entry of a tree, {node}, {problem}");
                }
            }

            return isEnded ? null : node;
        }
    }
}
