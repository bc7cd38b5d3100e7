using Kedge.Vault.Format;
using Kedge.Vault.Indexing;
using Kedge.Vault.Packing;

namespace Kedge.Vault.Check;

/// <summary>Goes down one snapshot for <see cref="HitTrace"/>, from folder to folder.</summary>
/// <param name="clean">Trees in and below which nothing is lost, of all snapshots.</param>
internal sealed class HitDescent(
    BlobReader reader, BlobIndex index, BitColumn clean, Func<BlobName, bool> isLost, int limit, CancellationToken cancellation)
{
    /// <summary>Deeper trees nobody has: a path of 4096 bytes has half as many folders.</summary>
    private const int MaximumDepth = 4096;

    internal List<FileHit> Found { get; } = [];

    /// <summary>Whether there was more than the limit, so that it stopped.</summary>
    internal bool IsCut { get; private set; }

    /// <returns>Whether nothing is lost here and below.</returns>
    internal bool Enter(ObjectId tree, byte[] path, int depth)
    {
        cancellation.ThrowIfCancellationRequested();
        var name = new BlobName(BlobKind.Tree, tree);
        var position = index.Find(name);
        if (position >= 0 && clean[position])
        {
            return true;
        }

        var below = new List<(ObjectId Tree, byte[] Path)>();
        var before = Found.Count;
        if (position < 0 || depth > MaximumDepth || isLost(name) || !TryRead(name, path, below))
        {
            Tell(new(path.Length == 0 ? "/"u8.ToArray() : path, IsFolder: true, name, 1));
            return false;
        }

        var isClean = Found.Count == before && !IsCut;
        foreach (var (subtree, subpath) in below)
        {
            if (IsCut)
            {
                return false;
            }

            isClean &= Enter(subtree, subpath, depth + 1);
        }

        if (isClean)
        {
            clean.Set(position);
        }

        return isClean;
    }

    private bool TryRead(in BlobName tree, byte[] path, List<(ObjectId Tree, byte[] Path)> below)
    {
        try
        {
            var trees = new TreeReader(anyOrder: true);
            var node = new TreeNode();
            trees.Begin(reader.Read(index, tree, cancellation));
            while (trees.TryReadNext(node))
            {
                if (node is { Kind: NodeKind.Folder, Subtree: { } subtree })
                {
                    if (!IsClean(subtree))
                    {
                        below.Add((subtree, [.. path, (byte)'/', .. node.Name]));
                    }
                }
                else if (node.Kind == NodeKind.File && LostOf(node, out var first) is > 0 and var lost)
                {
                    Tell(new([.. path, (byte)'/', .. node.Name], IsFolder: false, first, lost));
                }
            }

            return true;
        }
        catch (VaultException problem) when (problem.Fault is VaultFault.Damaged or VaultFault.NotFound)
        {
            return false;
        }
    }

    private bool IsClean(ObjectId tree) => index.Find(new(BlobKind.Tree, tree)) is >= 0 and var position && clean[position];

    private int LostOf(TreeNode node, out BlobName first)
    {
        first = default;
        var lost = 0;
        foreach (var id in node.Content)
        {
            var blob = new BlobName(BlobKind.Data, id);
            if (isLost(blob) && lost++ == 0)
            {
                first = blob;
            }
        }

        return lost;
    }

    private void Tell(FileHit hit)
    {
        if (Found.Count < limit)
        {
            Found.Add(hit);
        }
        else
        {
            IsCut = true;
        }
    }
}
