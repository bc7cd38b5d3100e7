using Kedge.Vault.Format;

namespace Kedge.Vault.Backup;

/// <summary>
/// A folder as an earlier snapshot has it: finds nodes by name. The nodes are looked for in the order in which they stand,
/// mostly, so that the next one is usually the one that is asked for. Safe for many threads.
/// </summary>
internal sealed class OldTree
{
    internal static readonly OldTree None = new([]);

    private readonly List<OldNode> nodes;

    private OldTree(List<OldNode> nodes) => this.nodes = nodes;

    /// <param name="json">Is kept.</param>
    /// <exception cref="VaultException"><see cref="VaultFault.Damaged"/>.</exception>
    internal static OldTree Parse(byte[] json)
    {
        var nodes = new List<OldNode>();
        var reader = new TreeReader(anyOrder: false);
        var node = new TreeNode();
        reader.Begin(json);
        while (reader.TryReadNext(node))
        {
            nodes.Add(new(node.Name.ToArray(), reader.RawNode, node.Kind == NodeKind.Folder ? node.Subtree : null));
        }

        return new(nodes);
    }

    internal ObjectId? SubtreeOf(ReadOnlySpan<byte> name) => IndexOf(name) is >= 0 and var at ? nodes[at].Subtree : null;

    /// <summary>The node's JSON; empty where there is none of this name.</summary>
    internal ReadOnlyMemory<byte> RawOf(ReadOnlySpan<byte> name) =>
        IndexOf(name) is >= 0 and var at ? nodes[at].Raw : default;

    private int IndexOf(ReadOnlySpan<byte> name)
    {
        int low = 0, high = nodes.Count - 1;
        while (low <= high)
        {
            var middle = low + ((high - low) / 2);
            var order = nodes[middle].Name.AsSpan().SequenceCompareTo(name);
            if (order == 0)
            {
                return middle;
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return -1;
    }

    private readonly record struct OldNode(byte[] Name, ReadOnlyMemory<byte> Raw, ObjectId? Subtree);
}
