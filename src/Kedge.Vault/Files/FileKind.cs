namespace Kedge.Vault.Files;

/// <summary>What a name in a folder stands for. The numbers are those of <c>d_type</c> (readdir(3)) and of <c>st_mode &gt;&gt; 12</c> (inode(7)).</summary>
internal enum FileKind : byte
{
    /// <summary>The file system does not say it with the name: ask for the status.</summary>
    Unknown = 0,

    Pipe = 1,
    CharacterDevice = 2,
    Folder = 4,
    BlockDevice = 6,
    File = 8,

    /// <summary>A symbolic link.</summary>
    Link = 10,

    Socket = 12,
}
