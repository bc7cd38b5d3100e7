namespace Kedge.Vault.Files;

/// <summary>
/// How a call on files ended: <see cref="None"/>, or why it did not do it. The numbers below 4096 are those of errno(3),
/// which are the same on x86_64 and aarch64; the others are our own. A number without a name here is passed on as it is.
/// </summary>
internal enum Errno
{
    None = 0,

    /// <summary>EPERM: only the owner or root may do this, or the file is immutable, or the file system cannot do it at all.</summary>
    NotPermitted = 1,

    NotFound = 2,
    Interrupted = 4,
    InputOutput = 5,

    /// <summary>ENXIO: there is nothing behind it, as when a socket is opened or no data follows an offset.</summary>
    NoSuchDevice = 6,

    /// <summary>EAGAIN: somebody has a lease on it, and it would have to be waited for.</summary>
    TryAgain = 11,

    OutOfMemory = 12,
    AccessDenied = 13,
    Busy = 16,
    Exists = 17,

    /// <summary>EXDEV: the other end is on another file system.</summary>
    OtherFileSystem = 18,

    /// <summary>ENOTDIR: no folder, also where a symbolic link stands in its place.</summary>
    NotAFolder = 20,

    IsAFolder = 21,
    InvalidArgument = 22,
    SystemOpenFiles = 23,
    TooManyOpenFiles = 24,
    FileTooLarge = 27,
    NoSpace = 28,
    ReadOnlyFileSystem = 30,
    TooManyLinks = 31,

    /// <summary>ERANGE: the buffer is too small.</summary>
    TooSmall = 34,

    NameTooLong = 36,
    NotEmpty = 39,

    /// <summary>ELOOP: a symbolic link where none is followed, or too many of them one after another.</summary>
    IsALink = 40,

    /// <summary>ENODATA: there is no such extended attribute.</summary>
    NoAttribute = 61,

    Overflow = 75,

    /// <summary>EOPNOTSUPP: the file system has no such thing.</summary>
    NotSupported = 95,

    /// <summary>ESTALE: a network file system has lost it.</summary>
    Stale = 116,

    QuotaExceeded = 122,

    /// <summary>Our own: something else than a regular file, where only that may be opened.</summary>
    NotAFile = 10_001,

    /// <summary>Our own: a folder is no longer where it was found.</summary>
    Moved = 10_002,

    /// <summary>Our own: empty, <c>.</c>, <c>..</c>, or with a slash or a zero byte in it. No folder has such an entry.</summary>
    InvalidName = 10_003,
}
