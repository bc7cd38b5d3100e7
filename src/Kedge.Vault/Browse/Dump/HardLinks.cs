using System.Runtime.InteropServices;
using Kedge.Vault.Format;

namespace Kedge.Vault.Browse.Dump;

/// <summary>Remembers files that have several names. What claims to be the same file and has another content is another one.</summary>
internal sealed class HardLinks
{
    private readonly Dictionary<(ulong Device, ulong Inode), (byte[] Path, ObjectId Content)> first = [];

    /// <returns>The path of the entry that was the first of this file; null where this is it.</returns>
    internal byte[]? FirstOf(ReadOnlySpan<byte> path, TreeNode node)
    {
        if (node is not { Kind: NodeKind.File, Links: > 1, Inode: not 0 })
        {
            return null;
        }

        var content = ObjectId.Of(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(node.Content)));
        if (first.TryGetValue((node.DeviceId, node.Inode), out var known))
        {
            return known.Content == content ? known.Path : null;
        }

        first.Add((node.DeviceId, node.Inode), (path.ToArray(), content));
        return null;
    }
}
