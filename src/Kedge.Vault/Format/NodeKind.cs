namespace Kedge.Vault.Format;

/// <summary>What an entry of a folder is.</summary>
public enum NodeKind : byte
{
    /// <summary>A word of a later version of the format, or of nobody's.</summary>
    Unknown,

    /// <summary>A file: "file".</summary>
    File,

    /// <summary>A folder: "dir".</summary>
    Folder,

    /// <summary>A symbolic link: "symlink".</summary>
    Symlink,

    /// <summary>A block device: "dev".</summary>
    BlockDevice,

    /// <summary>A character device: "chardev".</summary>
    CharacterDevice,

    /// <summary>A named pipe: "fifo".</summary>
    Pipe,

    /// <summary>A socket: "socket".</summary>
    Socket,

    /// <summary>What the system itself did not know: "irregular".</summary>
    Irregular,
}
