using System.Text;
using Kedge.Vault.Format;

namespace Kedge.Vault.Tests.Format;

/// <summary>Nodes at random, with all that makes them hard to write down.</summary>
internal sealed class AnyNode(Random random)
{
    private static readonly string[] Texts = ["", "root", "ü", "a\"b\\c", "<&>", "\u2028", "😀", "tab\tnew\nline", "\u007f\u0001\b\f"];

    public TreeNode Next(ReadOnlySpan<byte> name)
    {
        var node = new TreeNode();
        node.SetName(name);
        node.Kind = (NodeKind)random.Next(1, 9);
        node.Mode = (uint)random.NextInt64(uint.MaxValue + 1L);
        (node.ModifiedAt, node.AccessedAt, node.ChangedAt) = (Time(), Time(), Time());
        (node.UserId, node.GroupId) = ((uint)Number(uint.MaxValue), (uint)Number(uint.MaxValue));
        (node.User, node.Group, node.Error) = (Text(), Text(), random.Next(8) == 0 ? Text() : "");
        (node.Inode, node.DeviceId, node.Links, node.Device) = (Number(ulong.MaxValue), Number(ulong.MaxValue), Number(ulong.MaxValue), random.Next(3) == 0 ? Number(ulong.MaxValue) : 0);
        node.Size = (long)Number(long.MaxValue);
        node.LinkTarget = random.Next(3) == 0 ? Bytes(40) : default(ReadOnlyMemory<byte>);
        node.GenericAttributes = random.Next(8) == 0 ? "{\"windows.file_attributes\":[32,{}]}"u8.ToArray() : default(ReadOnlyMemory<byte>);
        for (var count = random.Next(4) == 0 ? random.Next(4) : 0; count > 0; count--)
        {
            node.ExtendedAttributes.Add(new(Encoding.UTF8.GetBytes("user." + Text()), Bytes(20)));
        }

        for (var count = node.Kind == NodeKind.File ? random.Next(4) : 0; count > 0; count--)
        {
            node.Content.Add(Id());
        }

        node.Subtree = node.Kind == NodeKind.Folder ? Id() : null;
        return node;
    }

    /// <summary>In the order of their bytes, each once.</summary>
    public List<byte[]> Names(int count)
    {
        var names = new SortedSet<byte[]>(Comparer<byte[]>.Create((left, right) => left.AsSpan().SequenceCompareTo(right)));
        while (names.Count < count)
        {
            var name = random.Next(3) == 0 ? Encoding.UTF8.GetBytes(Text() + Text() + random.Next(100)) : Bytes(30);
            names.Add(name.Length == 0 ? [(byte)random.Next(256)] : name);
        }

        return [.. names];
    }

    public ObjectId Id() => ObjectId.Of(BitConverter.GetBytes(random.Next()));

    private string Text() => Texts[random.Next(Texts.Length)];

    private byte[] Bytes(int longest)
    {
        var bytes = new byte[random.Next(longest)];
        random.NextBytes(bytes);
        return bytes;
    }

    private ulong Number(ulong maximum) => random.Next(4) switch { 0 => 0, 1 => maximum, 2 => (ulong)random.Next(1000), _ => (ulong)random.NextInt64() & maximum };

    private GoTime Time() => random.Next(4) == 0 ? GoTime.None
        : new(random.NextInt64(-62_000_000_000, 253_000_000_000), random.Next(2) == 0 ? 0 : random.Next(1_000_000_000), random.Next(2) == 0 ? 60 : random.Next(-1439, 1440));
}
