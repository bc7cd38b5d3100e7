using System.Runtime.CompilerServices;
using Kedge.Vault.Format;
using Kedge.Vault.Indexing;
using Kedge.Vault.Snapshots;

namespace Kedge.Vault.Browse;

/// <summary>Looks through snapshots, as <c>find</c> does. Folders without a match are read once, however many snapshots have them.</summary>
public static class VaultSearch
{
    /// <summary>So many folders without a match are remembered, which takes some 50 MiB.</summary>
    private const int MostRemembered = 1 << 20;

    private static readonly byte[] Root = "/"u8.ToArray();

    /// <summary>Entries whose paths match, snapshot by snapshot in the given order, each in depth.</summary>
    /// <exception cref="VaultException"><see cref="VaultFault.NotFound"/> and <see cref="VaultFault.Damaged"/> where a tree
    /// cannot be read; what the storage says.</exception>
    public static async IAsyncEnumerable<FoundEntry> FindAsync(
        VaultRepository vault, BlobIndex index, IEnumerable<StoredSnapshot> snapshots, SearchWanted wanted, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(snapshots);
        ArgumentNullException.ThrowIfNull(wanted);
        using var blobs = new BlobFetch(vault, index);
        // What a pattern matches depends on the path as well.
        var empty = new HashSet<ObjectId>();
        var walk = new FolderWalk(blobs) { Left = (frame, isEmpty) => Remember(empty, PlaceOf(frame.Tree, frame.Path.Span), isEmpty), Unreadable = wanted.OnUnreadable };
        WalkStep Choose(ReadOnlySpan<byte> path, TreeNode node)
        {
            var step = wanted.Patterns.Match(path, out var below) && wanted.Fits(node) ? WalkStep.Show : WalkStep.Pass;
            return below && node is { Kind: NodeKind.Folder, Subtree: { } tree } && !empty.Contains(PlaceOf(tree, path)) ? step | WalkStep.Descend : step;
        }

        foreach (var snapshot in snapshots.Where(s => !empty.Contains(PlaceOf(s.File.Tree, Root))))
        {
            await foreach (var entry in walk.RunAsync(snapshot.File.Tree, Root, Choose, cancellation))
            {
                yield return new(snapshot, entry);
            }
        }
    }

    /// <summary>Where snapshots need blobs: each file once for each of its blobs that is looked for.</summary>
    /// <exception cref="VaultException">As for entries; <see cref="VaultFault.Misuse"/> where an id is none,
    /// <see cref="VaultFault.NotFound"/> where a pack is in no index.</exception>
    public static async IAsyncEnumerable<FoundObject> FindObjectsAsync(
        VaultRepository vault, BlobIndex index, IEnumerable<StoredSnapshot> snapshots, ObjectsWanted wanted, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(index);
        ArgumentNullException.ThrowIfNull(snapshots);
        ArgumentNullException.ThrowIfNull(wanted);
        var names = wanted.Resolve(index);
        using var blobs = new BlobFetch(vault, index);
        var empty = new HashSet<ObjectId>();
        var walk = new FolderWalk(blobs) { Left = (frame, isEmpty) => Remember(empty, frame.Tree, isEmpty), Unreadable = wanted.OnUnreadable };
        WalkStep Choose(ReadOnlySpan<byte> path, TreeNode node) => node switch
        {
            { Kind: NodeKind.Folder, Subtree: { } tree } =>
                (names.Contains(new(BlobKind.Tree, tree)) ? WalkStep.Show : WalkStep.Pass) | (empty.Contains(tree) ? WalkStep.Pass : WalkStep.Descend),
            { Kind: NodeKind.File } when !names.OnlyTrees && node.Content.Exists(id => names.Contains(new(BlobKind.Data, id))) => WalkStep.Show,
            _ => WalkStep.Pass,
        };

        foreach (var snapshot in snapshots)
        {
            if (names.Contains(new(BlobKind.Tree, snapshot.File.Tree)))
            {
                yield return new(new(BlobKind.Tree, snapshot.File.Tree), Root, null, snapshot);
            }

            if (empty.Contains(snapshot.File.Tree))
            {
                continue;
            }

            await foreach (var entry in walk.RunAsync(snapshot.File.Tree, Root, Choose, cancellation))
            {
                var hits = entry.Node.Subtree is { } tree
                    ? [new(BlobKind.Tree, tree)]
                    : entry.Node.Content.Distinct().Select(id => new BlobName(BlobKind.Data, id)).Where(name => names.Contains(name));
                foreach (var hit in hits)
                {
                    yield return new(hit, entry.Path, entry.Tree, snapshot);
                }
            }
        }
    }

    private static void Remember(HashSet<ObjectId> empty, ObjectId place, bool isEmpty)
    {
        if (isEmpty && empty.Count < MostRemembered)
        {
            empty.Add(place);
        }
    }

    private static ObjectId PlaceOf(ObjectId tree, ReadOnlySpan<byte> path) => ObjectId.Of([.. tree.Bytes, .. path]);
}
