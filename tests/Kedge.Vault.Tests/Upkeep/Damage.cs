using Kedge.Vault.Format;

namespace Kedge.Vault.Tests.Upkeep;

/// <summary>What goes wrong with disks.</summary>
internal static class Damage
{
    /// <summary>Flips a bit of an object.</summary>
    internal static async Task FlipAsync(UpkeepGround ground, ObjectName name, long offset)
    {
        var path = ground.PathOf(name);
        var bytes = await File.ReadAllBytesAsync(path);
        bytes[offset] ^= (byte)(1 << (int)(offset % 8));
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await File.WriteAllBytesAsync(path, bytes);
    }

    /// <summary>Flips a bit in the first piece of a file.</summary>
    /// <returns>Where the piece stands.</returns>
    internal static async Task<Kedge.Vault.Indexing.BlobPlace> FlipContentAsync(UpkeepGround ground, ObjectId tree, string name)
    {
        var place = await FindContentAsync(ground, tree, name);
        await FlipAsync(ground, new(ObjectKind.Pack, place.Pack), place.Entry.Offset + (place.Entry.Length / 2));
        return place;
    }

    /// <summary>Where the first piece of a file stands.</summary>
    internal static Task<Kedge.Vault.Indexing.BlobPlace> FindContentAsync(UpkeepGround ground, ObjectId tree, string name) =>
        FindAsync(ground, tree, name, n => n.Content.Count > 0 ? new(BlobKind.Data, n.Content[0]) : null);

    /// <summary>Where the list of a folder stands.</summary>
    internal static Task<Kedge.Vault.Indexing.BlobPlace> FindFolderAsync(UpkeepGround ground, ObjectId tree, string name) =>
        FindAsync(ground, tree, name, n => n.Subtree is { } subtree ? new(BlobKind.Tree, subtree) : null);

    private static async Task<Kedge.Vault.Indexing.BlobPlace> FindAsync(UpkeepGround ground, ObjectId tree, string name, Func<TreeNode, BlobName?> blobOf)
    {
        var index = await ground.Vault.LoadIndexAsync(CancellationToken.None);
        using var reader = ground.Vault.OpenReader();
        var waiting = new Queue<ObjectId>([tree]);
        while (waiting.TryDequeue(out var next))
        {
            var nodes = new TreeReader(anyOrder: false);
            var node = new TreeNode();
            nodes.Begin(reader.Read(index, new(BlobKind.Tree, next), CancellationToken.None).ToArray());
            while (nodes.TryReadNext(node))
            {
                if (node.ToString() == name && blobOf(node) is { } blob && index.TryFind(blob, out var place))
                {
                    return place;
                }

                if (node.Subtree is { } subtree)
                {
                    waiting.Enqueue(subtree);
                }
            }
        }

        throw new InvalidOperationException($"nothing is called {name}");
    }
}
