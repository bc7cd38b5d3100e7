using System.Collections.Concurrent;
using Kedge.Vault.Format;
using Kedge.Vault.Indexing;
using Kedge.Vault.Threads;

namespace Kedge.Vault.Upkeep;

/// <summary>
/// Reads all trees that some snapshots reach, each once, on many threads. What it remembers is a bit for each position of
/// the index.
/// </summary>
internal sealed class TreeWalk(VaultRepository vault, BlobIndex index, UpkeepProgress progress)
{
    private readonly PendingTrees pending = new();
    private readonly ConcurrentDictionary<ObjectId, bool> missing = new();

    /// <summary>The trees that were reached, where <see cref="BlobIndex.Find"/> finds them.</summary>
    internal BitColumn Seen { get; } = new(index.Positions);

    /// <summary>How many threads make a walk fastest: reading waits for the storage.</summary>
    internal static int ThreadsFor(VaultRepository vault) => vault.Backend.Traits.IsRemote
        ? Math.Clamp(vault.Backend.Traits.Connections, Environment.ProcessorCount, 64)
        : Math.Clamp(2 * Environment.ProcessorCount, 4, 32);

    /// <summary>Walks from these roots. What an earlier walk has seen is not visited again.</summary>
    /// <param name="visitors">Called once for each thread.</param>
    /// <exception cref="VaultException">The storage failed. Trees that are damaged or missing are the visitors' to judge.</exception>
    internal async Task RunAsync(IEnumerable<ObjectId> roots, Func<ITreeVisitor> visitors, CancellationToken cancellation)
    {
        var windows = vault.Backend.Traits.IsRemote ? new TreeWindows(vault, index, cancellation) : null;
        var first = visitors();
        pending.Push([.. roots.Select(root => Claim(root, first)).Where(position => position >= 0)]);
        await Crew.RunAsync("walk", ThreadsFor(vault), () => Walk(Interlocked.Exchange(ref first, null) ?? visitors(), windows, cancellation), pending.Stop, cancellation);
    }

    private void Walk(ITreeVisitor visitor, TreeWindows? windows, CancellationToken cancellation)
    {
        using var reader = vault.OpenReader();
        var trees = new TreeReader(anyOrder: true);
        var node = new TreeNode();
        var below = new List<int>();
        while (pending.TryTake(out var position))
        {
            below.Clear();
            var name = index.EntryAt(position).Name;
            visitor.Enter(name);
            try
            {
                trees.Begin(windows?.TryRead(reader, position, out var read) == true ? read : reader.Read(index, name, cancellation));
                while (trees.TryReadNext(node))
                {
                    visitor.Node(node, trees.Order);
                    if (node is { Kind: NodeKind.Folder, Subtree: { } subtree } && Claim(subtree, visitor) is >= 0 and var next)
                    {
                        below.Add(next);
                    }
                }
            }
            catch (VaultException problem) when (problem.Fault is VaultFault.Damaged or VaultFault.NotFound)
            {
                visitor.Unreadable(name, problem);
            }

            pending.Push(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(below));
            pending.Done();
            progress.Step();
        }
    }

    /// <returns>The tree's position where this is the first to come upon it; otherwise -1.</returns>
    private int Claim(ObjectId tree, ITreeVisitor visitor)
    {
        var name = new BlobName(BlobKind.Tree, tree);
        var position = index.Find(name);
        if (position >= 0)
        {
            return Seen.Set(position) ? position : -1;
        }

        if (missing.TryAdd(tree, true))
        {
            visitor.Unreadable(name, new(VaultFault.NotFound, $"the {name} is in no index"));
        }

        return -1;
    }
}
