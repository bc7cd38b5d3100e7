using Kedge.Vault.Format;
using Kedge.Vault.Indexing;
using Kedge.Vault.Upkeep;

namespace Kedge.Vault.Browse;

/// <summary>All entries that some trees reach, those of each folder once, in no order.</summary>
internal static class ReachedNodes
{
    /// <param name="visit">Called on many threads at once. The node is valid until it returns.</param>
    /// <param name="onUnreadable">Called one at a time for trees that cannot be read; null to end with the first.</param>
    /// <returns>The trees that were reached, by their positions in the index.</returns>
    /// <exception cref="VaultException"><see cref="VaultFault.NotFound"/> and <see cref="VaultFault.Damaged"/> where a tree
    /// cannot be read; what <paramref name="visit"/> throws; what the storage says.</exception>
    internal static async Task<BitColumn> VisitAsync(
        VaultRepository vault, BlobIndex index, IEnumerable<ObjectId> trees, Action<TreeNode> visit, Action<VaultException>? onUnreadable, CancellationToken cancellation)
    {
        var walk = new TreeWalk(vault, index, new());
        await walk.RunAsync(trees, () => new Visitor(visit, onUnreadable), cancellation);
        return walk.Seen;
    }

    private sealed class Visitor(Action<TreeNode> visit, Action<VaultException>? onUnreadable) : ITreeVisitor
    {
        public void Enter(in BlobName tree)
        {
            // Its entries matter, not itself.
        }

        public void Node(TreeNode node, NameOrder order) => visit(node);

        public void Unreadable(in BlobName tree, VaultException why)
        {
            if (onUnreadable is null)
            {
                throw new VaultException(why.Fault, why.Message, why.Hint, why);
            }

            lock (onUnreadable)
            {
                onUnreadable(why);
            }
        }
    }
}
