namespace Kedge.Vault.Format;

/// <summary>Reads a single node that was cut out of a tree (<see cref="TreeReader.RawNode"/>). One object belongs to one thread.</summary>
internal sealed class NodeParser
{
    private readonly NodeReader nodes = new();

    /// <exception cref="VaultException"><see cref="VaultFault.Damaged"/>.</exception>
    internal void Parse(ReadOnlySpan<byte> rawNode, TreeNode node)
    {
        var cursor = new JsonCursor(rawNode, "a node");
        node.Clear();
        if (!NodeShape.TryTake(ref cursor, node, nodes))
        {
            cursor.Position = 0;
            node.Clear();
            nodes.Take(ref cursor, node);
        }

        cursor.End();
    }
}
