using Kedge.Vault.Format;

namespace Kedge.Vault.Browse.Comparing;

/// <summary>
/// Goes through two trees at once; what is the same in both is not looked into. (Only when it is counted, and something
/// differs: a blob that only one side seems to need may be needed by what both share.)
/// </summary>
internal sealed class TreeComparison(BlobFetch blobs, ComparisonWanted wanted, Action<EntryChange> onChange)
{
    private const int MaximumDepth = 4096;

    private readonly NeededBlobs before = new(blobs.Index);
    private readonly NeededBlobs after = new(blobs.Index);
    private readonly HashSet<ObjectId> shared = [];
    private readonly HashSet<BlobName> missing = [];
    private readonly Stack<ComparedFolder> folders = new();
    private readonly ContentEquality contents = new(blobs);
    private long changedFiles;
    private ChangeTotals added;
    private ChangeTotals removed;

    internal async Task RunAsync(ObjectId root, ObjectId other, CancellationToken cancellation)
    {
        NeedBlob(before, new(BlobKind.Tree, root));
        NeedBlob(after, new(BlobKind.Tree, other));
        await EnterAsync("/"u8.ToArray(), root, other, cancellation);
        while (folders.TryPeek(out var folder))
        {
            cancellation.ThrowIfCancellationRequested();
            if (!TryReadNext(folder, out var old, out var now))
            {
                folders.Pop();
                continue;
            }

            Need(before, old);
            Need(after, now);
            var path = old is null ? Added(folder, now!) : now is null ? Removed(folder, old) : await ComparedAsync(folder, old, now, cancellation);
            if ((old is null || now is null || old.Kind == now.Kind) && (now ?? old) is { Kind: NodeKind.Folder })
            {
                await EnterAsync(path, old?.Subtree, now?.Subtree, cancellation);
            }
        }
    }

    /// <summary>When all is compared.</summary>
    internal async Task<ComparisonStatistics> CountAsync(CancellationToken cancellation)
    {
        var common = new NeededBlobs(blobs.Index);
        if (Enumerable.Range(0, blobs.Index.Positions).Any(position => before[position] != after[position]))
        {
            Action<VaultException>? onUnreadable = wanted.OnUnreadable is { } tell ? problem => tell(new("/"u8.ToArray(), problem)) : null;
            await ReachedNodes.VisitAsync(blobs.Vault, blobs.Index, shared, node => NeedInBoth(common, node), onUnreadable, cancellation);
        }

        for (var position = 0; position < blobs.Index.Positions; position++)
        {
            if (before[position] != after[position] && !common[position])
            {
                var entry = blobs.Index.EntryAt(position);
                ref var totals = ref after[position] ? ref added : ref removed;
                var isTree = entry.Name.Kind == BlobKind.Tree;
                totals = totals with
                {
                    DataBlobs = totals.DataBlobs + (isTree ? 0 : 1),
                    TreeBlobs = totals.TreeBlobs + (isTree ? 1 : 0),
                    Bytes = totals.Bytes + entry.ContentLength,
                };
            }
        }

        return new(changedFiles, added, removed, missing.Count);
    }

    private byte[] Added(ComparedFolder folder, TreeNode node)
    {
        added = Counted(added, node);
        return Tell(folder, node, ChangeKind.Added);
    }

    private byte[] Removed(ComparedFolder folder, TreeNode node)
    {
        removed = Counted(removed, node);
        return Tell(folder, node, ChangeKind.Removed);
    }

    private async Task<byte[]> ComparedAsync(ComparedFolder folder, TreeNode old, TreeNode now, CancellationToken cancellation)
    {
        var change = old.Kind == now.Kind ? ChangeKind.None : ChangeKind.Type;
        var sameContent = NodeEquality.SameContent(old, now) || (change == ChangeKind.None && await contents.SameAsync(old, now, cancellation));
        if (old.Kind == NodeKind.File && now.Kind == NodeKind.File && !sameContent)
        {
            changedFiles++;
            change |= NodeEquality.SameBesidesContent(old, now) ? ChangeKind.Content | ChangeKind.OnlyContent : ChangeKind.Content;
        }
        else if (wanted.Metadata && !(sameContent && NodeEquality.SameBesidesContent(old, now)))
        {
            change |= ChangeKind.Metadata;
        }

        return Tell(folder, now, change);
    }

    private byte[] Tell(ComparedFolder folder, TreeNode node, ChangeKind change)
    {
        var path = folder.PathOf(node, node.Kind == NodeKind.Folder);
        if (change != ChangeKind.None)
        {
            onChange(new(path, node.Kind, change));
        }

        return path;
    }

    private async Task EnterAsync(byte[] path, ObjectId? old, ObjectId? now, CancellationToken cancellation)
    {
        if (old == now)
        {
            shared.Add(now!.Value);
            return;
        }

        if (folders.Count == MaximumDepth)
        {
            throw VaultException.Damaged($"folders that are {MaximumDepth} deep");
        }

        var (reading, other) = (TryLoadAsync(path, old, cancellation), TryLoadAsync(path, now, cancellation));
        await Task.WhenAll(reading, other);
        // Without the one side there is nothing to compare with, and the other side has not changed.
        var isWhole = (old is null || reading.Result is not null) && (now is null || other.Result is not null);
        if (isWhole)
        {
            folders.Push(new(path, reading.Result, other.Result));
        }
    }

    private async Task<byte[]?> TryLoadAsync(byte[] path, ObjectId? tree, CancellationToken cancellation)
    {
        try
        {
            return tree is { } some ? await blobs.LoadTreeAsync(some, cancellation) : null;
        }
        catch (VaultException problem) when (wanted.OnUnreadable is not null && problem.Fault is VaultFault.Damaged or VaultFault.NotFound)
        {
            wanted.OnUnreadable(new(path, problem));
            return null;
        }
    }

    private bool TryReadNext(ComparedFolder folder, out TreeNode? old, out TreeNode? now)
    {
        try
        {
            return folder.TryReadNext(out old, out now);
        }
        catch (VaultException problem) when (wanted.OnUnreadable is not null && problem.Fault == VaultFault.Damaged)
        {
            wanted.OnUnreadable(new(folder.Path, problem));
            (old, now) = (null, null);
            return false;
        }
    }

    private void Need(NeededBlobs side, TreeNode? node)
    {
        if (node is { Kind: NodeKind.Folder, Subtree: { } tree })
        {
            NeedBlob(side, new(BlobKind.Tree, tree));
        }

        foreach (var blob in node?.Content ?? [])
        {
            NeedBlob(side, new(BlobKind.Data, blob));
        }
    }

    private void NeedBlob(NeededBlobs side, BlobName name)
    {
        if (!side.Add(name))
        {
            missing.Add(name);
        }
    }

    /// <summary>On many threads. What is missing there is missing on both sides.</summary>
    private static void NeedInBoth(NeededBlobs common, TreeNode node)
    {
        if (node.Subtree is { } tree)
        {
            common.Add(new(BlobKind.Tree, tree));
        }

        foreach (var blob in node.Content)
        {
            common.Add(new(BlobKind.Data, blob));
        }
    }

    private static ChangeTotals Counted(ChangeTotals totals, TreeNode node) => node.Kind switch
    {
        NodeKind.File => totals with { Files = totals.Files + 1 },
        NodeKind.Folder => totals with { Folders = totals.Folders + 1 },
        _ => totals with { Others = totals.Others + 1 },
    };
}
