using Kedge.Vault.Files;
using Kedge.Vault.Format;

namespace Kedge.Vault.Backup;

/// <summary>
/// A folder while it is being backed up: gathers the nodes of its entries, in whatever order they come, and becomes a tree
/// when the last one is there. Its descriptor is closed as soon as all entries were opened, so that a deep tree needs few.
/// </summary>
internal sealed class FolderUnit
{
    private readonly FolderUnit? above;
    private readonly int indexAbove;
    private readonly byte[] name;
    private readonly TreeNode? own;
    private readonly Action<ObjectId>? whenDone;
    private NodeEntry?[] nodes = [];
    private FolderHandle? handle;
    private int unfinished;
    private int unopened;

    /// <summary>A folder below another.</summary>
    /// <param name="own">Its node, which lacks only the tree.</param>
    internal FolderUnit(FolderUnit above, int indexAbove, byte[] name, FolderHandle handle, TreeNode own)
    {
        (this.above, this.indexAbove, this.name, this.handle, this.own) = (above, indexAbove, name, handle, own);
    }

    /// <summary>The root of a snapshot.</summary>
    /// <param name="path">Of the folder that stands there.</param>
    internal FolderUnit(byte[] path, FolderHandle handle, Action<ObjectId> whenDone)
    {
        (name, this.handle, this.whenDone) = (path, handle, whenDone);
    }

    /// <summary>The file system that it stands on.</summary>
    internal required ulong Device { get; init; }

    /// <summary>The folder as the parent snapshot has it; null where it does not.</summary>
    internal ObjectId? OldTree { get; init; }

    internal FolderHandle Handle => handle ?? throw new ObjectDisposedException(nameof(FolderUnit));

    /// <summary>Says how many entries there are. Nothing may be finished before.</summary>
    internal void Expect(int count, BackupCrew crew, BackupHand hand)
    {
        nodes = new NodeEntry?[count];
        unopened = count;
        unfinished = count;
        if (count == 0)
        {
            Close();
            Finish(this, crew, hand);
        }
    }

    /// <summary>An entry needs the descriptor no longer.</summary>
    internal void Opened()
    {
        if (Interlocked.Decrement(ref unopened) == 0)
        {
            Close();
        }
    }

    /// <param name="node">As it shall stand in the tree; null to leave it out.</param>
    internal void Finished(int index, NodeEntry? node, BackupCrew crew, BackupHand hand)
    {
        if (IsLast(index, node))
        {
            Finish(this, crew, hand);
        }
    }

    /// <summary>The path of an entry, for people and filters.</summary>
    internal byte[] PathOf(ReadOnlySpan<byte> entry)
    {
        var way = new Stack<byte[]>();
        for (var at = this; at is not null; at = at.above)
        {
            way.Push(at.name);
        }

        return PathBytes.Join(way, entry);
    }

    internal byte[] Path() => PathOf([]);

    private void Close()
    {
        handle?.Dispose();
        handle = null;
    }

    private bool IsLast(int index, NodeEntry? node)
    {
        nodes[index] = node;
        return Interlocked.Decrement(ref unfinished) == 0;
    }

    /// <summary>Stores the tree of a folder that has all its nodes, and of those above for which it was the last.</summary>
    private static void Finish(FolderUnit folder, BackupCrew crew, BackupHand hand)
    {
        // A loop: whoever may make folders may make them deeper than the stack.
        while (true)
        {
            var tree = hand.StoreTree(folder.nodes);
            folder.nodes = [];
            if (folder.above is not { } above)
            {
                folder.whenDone!(tree);
                return;
            }

            BackupTally.Count(ref folder.OldTree is null ? ref crew.Tally.FoldersNew : ref folder.OldTree == tree ? ref crew.Tally.FoldersUnmodified : ref crew.Tally.FoldersChanged);
            folder.own!.Subtree = tree;
            if (!above.IsLast(folder.indexAbove, hand.Write(folder.own)))
            {
                return;
            }

            folder = above;
        }
    }
}
