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

    /// <summary>Losses that can be told again of another path; beyond them their folder alone is named.</summary>
    private const int MostRemembered = 100_000;

    private readonly BitColumn whole = new(index.Positions);
    private readonly Dictionary<ObjectId, MendedTree> mended = [];
    private readonly TreeWriter trees = new();

    private int remembered;

    /// <summary>Told what is dropped, for each path at which it stands. Returns whether more of it is wanted.</summary>
    internal Func<byte[], string, bool> OnLoss { get; set; } = (_, _) => true;

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
            Retell(earlier, path);
            return earlier.New;
        }

        if (position < 0 || depth > MaximumDepth || TryRead(name) is not { } nodes)
        {
            return null;
        }

        var changed = false;
        var losses = new List<TreeLoss>();
        for (var at = 0; at < nodes.Count; at++)
        {
            var (node, isChanged) = MendNode(nodes[at], path, depth, losses);
            nodes[at] = node!;
            changed |= isChanged;
        }

        nodes.RemoveAll(n => n is null);
        changed |= PutInOrder(nodes, path, losses);
        if (!changed)
        {
            whole.Set(position);
            return tree;
        }

        var replacement = Store(nodes);
        mended[tree] = new(replacement, losses);
        return replacement;
    }

    private void Tell(byte[] folder, byte[] name, string what, List<TreeLoss> losses)
    {
        Remember(new(name, what, null), losses);
        OnLoss([.. folder, (byte)'/', .. name], what);
    }

    private void Remember(TreeLoss loss, List<TreeLoss> losses)
    {
        if (remembered < MostRemembered)
        {
            remembered++;
            losses.Add(loss);
        }
        else if (losses.Count == 0 || losses[^1].Name is not null)
        {
            losses.Add(new(null, "has lost more, which was told of another path already", null));
        }
    }

    /// <summary>Tells of another path what was lost of a tree. Every folder that is entered has something to tell, so that it ends with what is wanted.</summary>
    /// <returns>Whether more is wanted.</returns>
    private bool Retell(MendedTree tree, byte[] path)
    {
        cancellation.ThrowIfCancellationRequested();
        foreach (var loss in tree.Losses)
        {
            byte[] place = loss.Name is { } name ? [.. path, (byte)'/', .. name] : path.Length > 0 ? path : [(byte)'/'];
            if (!(loss.Below is { } below ? Retell(below, place) : OnLoss(place, loss.What)))
            {
                return false;
            }
        }

        return true;
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

    private (MendedNode? Node, bool IsChanged) MendNode(MendedNode entry, byte[] folder, int depth, List<TreeLoss> losses)
    {
        var node = entry.Node;
        if (node.NameProblem is { } problem || (node.Kind != NodeKind.Unknown && (problem = node.KindProblem) is not null))
        {
            Tell(folder, node.Name.ToArray(), $"is left out: it {problem}", losses);
            return (null, true);
        }

        return node switch
        {
            { Kind: NodeKind.Folder, Subtree: { } subtree } => MendFolder(entry, subtree, folder, depth, losses),
            { Kind: NodeKind.File } => MendFile(entry, folder, losses),
            _ => (entry, false),
        };
    }

    private (MendedNode? Node, bool IsChanged) MendFolder(MendedNode entry, ObjectId subtree, byte[] folder, int depth, List<TreeLoss> losses)
    {
        var name = entry.Node.Name.ToArray();
        var replacement = Mend(subtree, [.. folder, (byte)'/', .. name], depth + 1);
        if (replacement == subtree)
        {
            return (entry, false);
        }

        if (replacement is null)
        {
            Tell(folder, name, "has lost the list of its entries, and is empty", losses);
            replacement = Empty();
        }
        else if (mended[subtree] is { Losses.Count: > 0 } below)
        {
            Remember(new(name, "", below), losses);
        }

        entry.Node.Subtree = replacement;
        return (new(entry.Node, default), true);
    }

    private (MendedNode? Node, bool IsChanged) MendFile(MendedNode entry, byte[] folder, List<TreeLoss> losses)
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
            Tell(folder, node.Name.ToArray(), $"is left out: {lost} of its {node.Content.Count} parts are lost", losses);
            return (null, true);
        }

        Tell(folder, node.Name.ToArray(), lost > 0 ? $"has lost {lost} of its {node.Content.Count} parts, and is shorter by them" : $"has {size} bytes, not the {node.Size} that stood there", losses);
        node.Content.Clear();
        node.Content.AddRange(left);
        node.Size = size;
        return (new(node, default), true);
    }

    /// <summary>Of entries that bear the same name the first stays.</summary>
    private bool PutInOrder(List<MendedNode> nodes, byte[] folder, List<TreeLoss> losses)
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
                Tell(folder, node.Node.Name.ToArray(), "stood twice; the first one stays", losses);
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

/// <summary>What became of a tree.</summary>
internal sealed record MendedTree(ObjectId New, IReadOnlyList<TreeLoss> Losses);

/// <summary>Something that a tree lacks.</summary>
/// <param name="Name">In the tree; null for the tree itself.</param>
/// <param name="Below">The folder of that name, which says what it lacks; null where <paramref name="What"/> says it.</param>
internal sealed record TreeLoss(byte[]? Name, string What, MendedTree? Below);
