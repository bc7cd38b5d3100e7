using System.Collections.Concurrent;
using Kedge.Vault.Format;
using Kedge.Vault.Indexing;
using Kedge.Vault.Upkeep;

namespace Kedge.Vault.Repair;

/// <summary>Finds what snapshots need and the vault lacks, and takes it from the other vault, trees with all below them.</summary>
internal sealed class MissingBlobs(VaultRepository vault, BlobIndex index, Salvage salvage, UpkeepProgress progress)
{
    private readonly HashSet<BlobName> tried = [];

    internal async Task FetchAsync(CancellationToken cancellation)
    {
        var snapshots = await SnapshotSet.LoadAsync(vault, cancellation);
        var walk = new TreeWalk(vault, index, progress);
        progress.Begin(UpkeepStage.WalkingTrees);
        List<ObjectId> roots = [.. snapshots.Snapshots.Select(s => s.File.Tree)];
        while (roots.Count > 0)
        {
            var missing = new ConcurrentDictionary<BlobName, bool>();
            await walk.RunAsync(roots, () => new Visitor(index, missing), cancellation);
            roots = [];
            foreach (var blob in missing.Keys)
            {
                Fetch(blob, roots, cancellation);
            }
        }
    }

    /// <summary>Takes a blob, and of a tree what is below it. What of that this vault has itself is walked next.</summary>
    private void Fetch(BlobName first, List<ObjectId> roots, CancellationToken cancellation)
    {
        var waiting = new Stack<BlobName>([first]);
        while (waiting.TryPop(out var blob))
        {
            cancellation.ThrowIfCancellationRequested();
            if (!tried.Add(blob) || (salvage.Has(blob) && blob != first))
            {
                if (blob.Kind == BlobKind.Tree && index.Find(blob) >= 0)
                {
                    roots.Add(blob.Id);
                }

                continue;
            }

            if (!salvage.TryTake(blob, out var content))
            {
                salvage.Lost.Add(blob);
                continue;
            }

            if (blob.Kind == BlobKind.Tree)
            {
                PushBelow(content.ToArray(), waiting);
            }
        }
    }

    private static void PushBelow(byte[] tree, Stack<BlobName> waiting)
    {
        var reader = new TreeReader(anyOrder: true);
        var node = new TreeNode();
        reader.Begin(tree);
        while (reader.TryReadNext(node))
        {
            if (node is { Kind: NodeKind.Folder, Subtree: { } subtree })
            {
                waiting.Push(new(BlobKind.Tree, subtree));
            }

            foreach (var id in node.Content)
            {
                waiting.Push(new(BlobKind.Data, id));
            }
        }
    }

    private sealed class Visitor(BlobIndex index, ConcurrentDictionary<BlobName, bool> missing) : ITreeVisitor
    {
        public void Enter(in BlobName tree)
        {
            // It is there.
        }

        public void Node(TreeNode node, NameOrder order)
        {
            foreach (var id in node.Content)
            {
                var blob = new BlobName(BlobKind.Data, id);
                if (index.Find(blob) < 0)
                {
                    missing.TryAdd(blob, true);
                }
            }
        }

        public void Unreadable(in BlobName tree, VaultException why) => missing.TryAdd(tree, true);
    }
}
