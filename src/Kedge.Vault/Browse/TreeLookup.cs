using Kedge.Vault.Files;
using Kedge.Vault.Format;
using Kedge.Vault.Indexing;

namespace Kedge.Vault.Browse;

/// <summary>Finds entries of a snapshot by their paths. Symbolic links are not followed.</summary>
public static class TreeLookup
{
    /// <summary>The tree of a folder: what <c>snapshot:folder</c> means.</summary>
    /// <param name="tree">Where the path begins.</param>
    /// <param name="path">With or without a slash at its beginning; empty for the tree itself.</param>
    /// <exception cref="VaultException"><see cref="VaultFault.NotFound"/> where there is no such folder, or a tree is
    /// missing; <see cref="VaultFault.Damaged"/>; what the storage says.</exception>
    public static async Task<ObjectId> FolderAsync(VaultRepository vault, BlobIndex index, ObjectId tree, ReadOnlyMemory<byte> path, CancellationToken cancellation)
    {
        using var blobs = new BlobFetch(vault, index);
        return await EntryAsync(blobs, tree, path, cancellation) is not { } entry ? tree
            : entry.Node is { Kind: NodeKind.Folder, Subtree: { } subtree } ? subtree
            : throw NoFolder(entry);
    }

    /// <summary>The same for a path that a person gave.</summary>
    public static Task<ObjectId> FolderAsync(VaultRepository vault, BlobIndex index, ObjectId tree, string path, CancellationToken cancellation) =>
        FolderAsync(vault, index, tree, PathBytes.Of(path), cancellation);

    /// <summary>An entry; null for the path of the tree itself, which is none.</summary>
    /// <exception cref="VaultException">As for a folder.</exception>
    public static async Task<ListedEntry?> EntryAsync(VaultRepository vault, BlobIndex index, ObjectId tree, ReadOnlyMemory<byte> path, CancellationToken cancellation)
    {
        using var blobs = new BlobFetch(vault, index);
        return await EntryAsync(blobs, tree, path, cancellation);
    }

    /// <summary>Absolute and clean.</summary>
    internal static byte[] Clean(ReadOnlySpan<byte> path) => PathBytes.Clean([PathBytes.Separator, .. path]);

    internal static async Task<ListedEntry?> EntryAsync(BlobFetch blobs, ObjectId tree, ReadOnlyMemory<byte> path, CancellationToken cancellation)
    {
        var clean = Clean(path.Span);
        ListedEntry? entry = null;
        for (var at = 1; at < clean.Length;)
        {
            if (entry is not null)
            {
                tree = entry.Node is { Kind: NodeKind.Folder, Subtree: { } subtree } ? subtree : throw NoFolder(entry);
            }

            var slash = clean.AsSpan(at).IndexOf(PathBytes.Separator);
            var end = slash < 0 ? clean.Length : at + slash;
            var json = await blobs.LoadTreeAsync(tree, cancellation);
            var node = Find(json, clean.AsSpan(at..end)) ?? throw new VaultException(
                VaultFault.NotFound, $"the snapshot has no {PathText.Of(clean.AsSpan(..end))}", "See what it has: kedge vault ls.");
            entry = new(clean.AsMemory(..end), node, tree);
            at = end + 1;
        }

        return entry;
    }

    private static TreeNode? Find(byte[] json, ReadOnlySpan<byte> name)
    {
        var entries = new TreeReader(anyOrder: false);
        var node = new TreeNode();
        entries.Begin(json);
        while (entries.TryReadNext(node))
        {
            if (node.Name.SequenceEqual(name))
            {
                return node;
            }
        }

        return null;
    }

    private static VaultException NoFolder(ListedEntry entry) => new(
        VaultFault.NotFound,
        entry.Node.Kind == NodeKind.Symlink
            ? $"{entry.PathText} is a symbolic link in the snapshot, to {PathText.Of(entry.Node.LinkTarget.Span)}"
            : $"{entry.PathText} is no folder in the snapshot",
        entry.Node.Kind == NodeKind.Symlink ? "Give the path to which it leads: links are not followed." : null);
}
