using System.Text;
using Kedge.Vault.Format;
using Kedge.Vault.Indexing;
using Kedge.Vault.Packing;
using Kedge.Vault.Tests.Interop;
using Kedge.Vault.Tests.Snapshots;

namespace Kedge.Vault.Tests.Restore;

/// <summary>Puts into a vault what only somebody with its key can, and nobody in good faith does.</summary>
internal sealed class Forger : IDisposable
{
    private readonly BlobSession session;
    private readonly BlobWriter writer;
    private readonly JsonBuffer json = new(1024);

    internal Forger(FolderVault vault)
    {
        var nothing = new BlobIndex();
        nothing.Seal();
        session = new(vault.Vault, nothing, 1, null, CancellationToken.None);
        writer = new(session);
    }

    internal ObjectId Data(ReadOnlySpan<byte> content) => writer.Store(BlobKind.Data, content);

    internal ObjectId Raw(string tree) => writer.Store(BlobKind.Tree, Encoding.UTF8.GetBytes(tree));

    /// <summary>The nodes in just this order, whatever they are.</summary>
    internal ObjectId Tree(params IEnumerable<TreeNode> nodes)
    {
        // Some are made only when they are asked for, and make trees of their own.
        var all = nodes.ToList();
        json.Clear();
        json.Append("{\"nodes\":["u8);
        var isFirst = true;
        foreach (var node in all)
        {
            json.Append(isFirst ? ""u8 : ","u8);
            isFirst = false;
            NodeWriter.Write(node, json);
        }

        json.Append("]}\n"u8);
        return writer.Store(BlobKind.Tree, json.Written.Span);
    }

    internal ObjectId Sorted(params IEnumerable<TreeNode> nodes) =>
        Tree(nodes.OrderBy(n => n.Name.ToArray(), Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b))));

    internal TreeNode File(string name, params IEnumerable<byte[]> pieces)
    {
        var node = Node(name, NodeKind.File);
        foreach (var piece in pieces)
        {
            node.Content.Add(Data(piece));
            node.Size += piece.Length;
        }

        return node;
    }

    internal static TreeNode Folder(string name, ObjectId? tree)
    {
        var node = Node(name, NodeKind.Folder);
        node.Subtree = tree;
        return node;
    }

    internal static TreeNode Link(string name, string target)
    {
        var node = Node(name, NodeKind.Symlink);
        node.LinkTarget = HandMade.Bytes(target);
        return node;
    }

    internal static TreeNode Node(string name, NodeKind kind)
    {
        var node = new TreeNode { Kind = kind, Mode = 0x1ed, ModifiedAt = GoTime.From(DateTimeOffset.UnixEpoch) };
        node.SetName(HandMade.Bytes(name));
        return node;
    }

    /// <summary>Nothing is in the vault before.</summary>
    internal void Complete()
    {
        writer.Dispose();
        session.Complete(CancellationToken.None);
    }

    public void Dispose()
    {
        json.Dispose();
        session.Dispose();
    }
}
