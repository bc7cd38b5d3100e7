using Kedge.Vault.Compression;
using Kedge.Vault.Format;
using Kedge.Vault.Indexing;
using Kedge.Vault.Packing;
using Kedge.Vault.Upkeep;

namespace Kedge.Vault.Repair;

/// <summary>
/// Makes trees without what is lost. Everything else of them stays byte for byte; a folder that is lost becomes an empty
/// one. Trees that many snapshots share are looked at once.
/// </summary>
/// <param name="writer">Null to store nothing.</param>
internal sealed class TreeMending(BlobIndex index, StoredPacks packs, BlobReader reader, BlobWriter? writer, bool keepPartialFiles, CancellationToken cancellation) : IDisposable
{
    /// <summary>Deeper trees nobody has: a path of 4096 bytes has half as many folders.</summary>
    private const int MaximumDepth = 4096;

    private readonly BitColumn whole = new(index.Positions);
    private readonly Dictionary<ObjectId, ObjectId> mended = [];
    private readonly TreeWriter trees = new();

    /// <summary>Told what is dropped, once for each tree in which it stands.</summary>
    internal Action<byte[], string> OnLoss { get; set; } = (_, _) => { };

    /// <returns>The tree to take in its place: the same where nothing is lost; null where it is lost itself.</returns>
    internal ObjectId? Mend(ObjectId tree, byte[] path, int depth)
    {
        cancellation.ThrowIfCancellationRequested();
        var name = new BlobName(BlobKind.Tree, tree);
        var position = index.Find(name);
        if (position >= 0 && whole[position])
        {
            return tree;
        }

        if (mended.TryGetValue(tree, out var earlier))
        {
            OnLoss(path, "has lost what was told of another path already");
            return earlier;
        }

        if (position < 0 || depth > MaximumDepth || TryRead(name) is not { } nodes)
        {
            return null;
        }

        var changed = false;
        for (var at = 0; at < nodes.Count; at++)
        {
            var (node, isChanged) = MendNode(nodes[at], path, depth);
            nodes[at] = node!;
            changed |= isChanged;
        }

        nodes.RemoveAll(n => n is null);
        changed |= PutInOrder(nodes, path);
        if (!changed)
        {
            whole.Set(position);
            return tree;
        }

        return mended[tree] = Store(nodes);
    }

    /// <summary>An empty folder's tree.</summary>
    private ObjectId Empty() => Store([]);

    public void Dispose() => trees.Dispose();

    private List<MendedNode>? TryRead(in BlobName tree)
    {
        try
        {
            var nodes = new List<MendedNode>();
            var parts = new TreeReader(anyOrder: true);
            // A copy: the reader's memory serves for the trees below as well.
            parts.Begin(reader.Read(index, tree, cancellation).ToArray());
            for (var node = new TreeNode(); parts.TryReadNext(node); node = new TreeNode())
            {
                nodes.Add(new(node, parts.RawNode));
            }

            return nodes;
        }
        catch (VaultException problem) when (problem.Fault is VaultFault.Damaged or VaultFault.NotFound)
        {
            return null;
        }
    }

    private (MendedNode? Node, bool IsChanged) MendNode(MendedNode entry, byte[] folder, int depth)
    {
        var node = entry.Node;
        byte[] path = [.. folder, (byte)'/', .. node.Name];
        if (node.NameProblem is { } problem || (node.Kind != NodeKind.Unknown && (problem = node.KindProblem) is not null))
        {
            OnLoss(path, $"is left out: it {problem}");
            return (null, true);
        }

        return node switch
        {
            { Kind: NodeKind.Folder, Subtree: { } subtree } => MendFolder(entry, subtree, path, depth),
            { Kind: NodeKind.File } => MendFile(entry, path),
            _ => (entry, false),
        };
    }

    private (MendedNode? Node, bool IsChanged) MendFolder(MendedNode entry, ObjectId subtree, byte[] path, int depth)
    {
        var replacement = Mend(subtree, path, depth + 1);
        if (replacement == subtree)
        {
            return (entry, false);
        }

        if (replacement is null)
        {
            OnLoss(path, "has lost the list of its entries, and is empty");
            replacement = Empty();
        }

        entry.Node.Subtree = replacement;
        return (new(entry.Node, default), true);
    }

    private (MendedNode? Node, bool IsChanged) MendFile(MendedNode entry, byte[] path)
    {
        var node = entry.Node;
        var (left, size) = (new List<ObjectId>(), 0L);
        foreach (var id in node.Content)
        {
            var blob = new BlobName(BlobKind.Data, id);
            if (packs.HasBlob(blob))
            {
                left.Add(id);
                size += index.ContentLength(blob);
            }
        }

        var lost = node.Content.Count - left.Count;
        if (lost == 0 && size == node.Size)
        {
            return (entry, false);
        }

        if (lost > 0 && (!keepPartialFiles || left.Count == 0))
        {
            OnLoss(path, $"is left out: {lost} of its {node.Content.Count} parts are lost");
            return (null, true);
        }

        OnLoss(path, lost > 0 ? $"has lost {lost} of its {node.Content.Count} parts, and is shorter by them" : $"has {size} bytes, not the {node.Size} that stood there");
        node.Content.Clear();
        node.Content.AddRange(left);
        node.Size = size;
        return (new(node, default), true);
    }

    /// <summary>Of entries that bear the same name the first stays.</summary>
    private bool PutInOrder(List<MendedNode> nodes, byte[] path)
    {
        var isSorted = true;
        for (var at = 1; at < nodes.Count && isSorted; at++)
        {
            isSorted = nodes[at - 1].Node.Name.SequenceCompareTo(nodes[at].Node.Name) < 0;
        }

        if (isSorted)
        {
            return false;
        }

        var sorted = nodes.Select((node, at) => (Node: node, At: at)).ToList();
        sorted.Sort((a, b) => a.Node.Node.Name.SequenceCompareTo(b.Node.Node.Name) is not 0 and var order ? order : a.At - b.At);
        nodes.Clear();
        foreach (var (node, _) in sorted)
        {
            if (nodes.Count > 0 && nodes[^1].Node.Name.SequenceEqual(node.Node.Name))
            {
                OnLoss([.. path, (byte)'/', .. node.Node.Name], "stood twice; the first one stays");
            }
            else
            {
                nodes.Add(node);
            }
        }

        return true;
    }

    private ObjectId Store(List<MendedNode> nodes)
    {
        trees.Begin();
        foreach (var node in nodes)
        {
            if (node.Raw.IsEmpty)
            {
                trees.Add(node.Node);
            }
            else
            {
                trees.AddVerbatim(node.Node.Name, node.Raw.Span);
            }
        }

        var json = trees.Finish().Span;
        var name = new BlobName(BlobKind.Tree, ObjectId.Of(json));
        writer?.Store(name, json, ContentKind.Ordinary);
        return name.Id;
    }
}

/// <param name="Raw">The node as it stood; empty where it was changed.</param>
internal sealed record MendedNode(TreeNode Node, ReadOnlyMemory<byte> Raw);
