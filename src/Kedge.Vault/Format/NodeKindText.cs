namespace Kedge.Vault.Format;

/// <summary>The words of a tree for what its entries are.</summary>
internal static class NodeKindText
{
    internal static NodeKind Parse(ReadOnlySpan<byte> word) =>
        word.SequenceEqual("file"u8) ? NodeKind.File
        : word.SequenceEqual("dir"u8) ? NodeKind.Folder
        : word.SequenceEqual("symlink"u8) ? NodeKind.Symlink
        : word.SequenceEqual("dev"u8) ? NodeKind.BlockDevice
        : word.SequenceEqual("chardev"u8) ? NodeKind.CharacterDevice
        : word.SequenceEqual("fifo"u8) ? NodeKind.Pipe
        : word.SequenceEqual("socket"u8) ? NodeKind.Socket
        : word.SequenceEqual("irregular"u8) ? NodeKind.Irregular
        : NodeKind.Unknown;

    internal static ReadOnlySpan<byte> Of(NodeKind kind) => kind switch
    {
        NodeKind.File => "file"u8,
        NodeKind.Folder => "dir"u8,
        NodeKind.Symlink => "symlink"u8,
        NodeKind.BlockDevice => "dev"u8,
        NodeKind.CharacterDevice => "chardev"u8,
        NodeKind.Pipe => "fifo"u8,
        NodeKind.Socket => "socket"u8,
        NodeKind.Irregular => "irregular"u8,
        _ => ""u8,
    };
}
