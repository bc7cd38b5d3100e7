using System.Runtime.InteropServices;

namespace Kedge.Vault.Files;

/// <summary>Puts what the system answered into words that a person understands.</summary>
internal static class FileSystemError
{
    /// <summary>A few words in lower case without a stop, as <c>permission denied</c>.</summary>
    internal static string Words(this Errno error) => error switch
    {
        Errno.None => "no error",
        Errno.NotPermitted => "operation not permitted",
        Errno.NotFound => "no such file or folder",
        Errno.InputOutput => "input/output error of the disk or its connection",
        Errno.NoSuchDevice => "nothing answers there",
        Errno.OutOfMemory => "the system is out of memory",
        Errno.AccessDenied => "permission denied",
        Errno.Busy => "in use, or a mount point",
        Errno.Exists => "exists already",
        Errno.OtherFileSystem => "on another file system",
        Errno.NotAFolder => "not a folder",
        Errno.IsAFolder => "is a folder",
        Errno.SystemOpenFiles => "too many open files in the whole system",
        Errno.TooManyOpenFiles => "too many open files",
        Errno.FileTooLarge => "larger than the file system or a limit allows",
        Errno.NoSpace => "no space left on device",
        Errno.ReadOnlyFileSystem => "the file system is read-only",
        Errno.TooManyLinks => "too many hard links",
        Errno.NameTooLong => "the name is too long for the file system",
        Errno.NotEmpty => "the folder is not empty",
        Errno.IsALink => "a symbolic link that is not followed",
        Errno.NoAttribute => "no such extended attribute",
        Errno.NotSupported => "the file system does not support this",
        Errno.Stale => "the network file system has lost it",
        Errno.QuotaExceeded => "disk quota exceeded",
        Errno.NotAFile => "not a regular file",
        Errno.Moved => "was moved or replaced in the meantime",
        Errno.InvalidName => "not a name that a file can have",
        _ => TextOfTheSystem((int)error),
    };

    /// <summary>One line, as <c>cannot open /srv/a\xff: permission denied</c>.</summary>
    /// <param name="act">What was tried, as <c>open</c>.</param>
    internal static string Describe(Errno error, string act, ReadOnlySpan<byte> path) =>
        $"cannot {act} {PathText.Of(path)}: {error.Words()}";

    /// <summary>The same to be thrown, where the caller cannot go on without it.</summary>
    internal static VaultException At(Errno error, string act, ReadOnlySpan<byte> path) =>
        new(FaultOf(error), Describe(error, act, path), HintFor(error));

    private static VaultFault FaultOf(Errno error) => error switch
    {
        Errno.AccessDenied or Errno.NotPermitted or Errno.ReadOnlyFileSystem => VaultFault.Denied,
        Errno.NoSpace or Errno.QuotaExceeded => VaultFault.NoSpace,
        Errno.NotFound => VaultFault.NotFound,
        Errno.InvalidName => VaultFault.Misuse,
        _ => VaultFault.FileSystem,
    };

    private static string? HintFor(Errno error) => error switch
    {
        Errno.TooManyOpenFiles => "Raise the limit of open files (ulimit -n, or LimitNOFILE= of the service).",
        Errno.AccessDenied or Errno.NotPermitted => "Run it as the owner or as root, or grant CAP_DAC_READ_SEARCH for reading.",
        Errno.NoSpace or Errno.QuotaExceeded => "Make room there, then try again: what is there already need not be written again.",
        Errno.InputOutput => "Look into the kernel's log (dmesg): the disk may be failing.",
        _ => null,
    };

    private static string TextOfTheSystem(int number)
    {
        var text = Marshal.GetPInvokeErrorMessage(number);
        return text.Length > 1 && char.IsLower(text[1]) ? char.ToLowerInvariant(text[0]) + text[1..] : text;
    }
}
