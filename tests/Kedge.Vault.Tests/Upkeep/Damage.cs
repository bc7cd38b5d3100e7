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
    internal static async Task<Kedge.Vault.Indexing.BlobPlace> FindContentAsync(UpkeepGround ground, ObjectId tree, string name)
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
                if (node.Subtree is { } subtree)
                {
                    waiting.Enqueue(subtree);
                }
                else if (node.Content.Count > 0 && node.ToString() == name && index.TryFind(new(BlobKind.Data, node.Content[0]), out var place))
                {
                    return place;
                }
            }
        }

        throw new InvalidOperationException($"no file {name}");
    }
}
