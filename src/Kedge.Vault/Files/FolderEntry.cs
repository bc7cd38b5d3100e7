namespace Kedge.Vault.Files;

/// <summary>A name in a <see cref="FolderListing"/>, valid until the listing reads the next folder.</summary>
/// <param name="name">Without a slash or a zero byte.</param>
/// <param name="kind">As the folder has it: <see cref="FileKind.Unknown"/> on some file systems.</param>
/// <param name="inode">The number of the folder's own entry, which under a mount point is another than the status has.</param>
internal readonly ref struct FolderEntry(ReadOnlySpan<byte> name, FileKind kind, ulong inode)
{
    internal ReadOnlySpan<byte> Name { get; } = name;

    internal FileKind Kind { get; } = kind;

    internal ulong Inode { get; } = inode;
}
