using System.Runtime.InteropServices;

namespace Kedge.Vault.Backends.Local;

/// <summary>What Linux's error numbers (errno(3)) mean for a vault in a folder.</summary>
internal static class LocalFaults
{
    internal const int NotPermitted = 1; // EPERM
    internal const int NoEntry = 2; // ENOENT
    internal const int Interrupted = 4; // EINTR
    internal const int Exists = 17; // EEXIST

    /// <summary>What the last failed call has left behind, said of a path.</summary>
    internal static VaultException Last(string path) => Of(Marshal.GetLastPInvokeError(), path);

    internal static VaultException Of(int error, string path)
    {
        var (fault, hint) = error switch
        {
            NoEntry => (VaultFault.NotFound, null),
            Exists => (VaultFault.AlreadyExists, null),
            NotPermitted or 13 /* EACCES */ or 30 /* EROFS */ => (VaultFault.Denied, "Check who owns the vault's folder, and whether it is mounted for writing."),
            28 /* ENOSPC */ or 122 /* EDQUOT */ or 27 /* EFBIG */ => (VaultFault.NoSpace, "Make room where the vault is kept, then try again."),
            20 /* ENOTDIR */ or 21 /* EISDIR */ or 36 /* ENAMETOOLONG */ or 40 /* ELOOP */ => (VaultFault.Misuse, "Check the vault's location."),
            _ => (VaultFault.Unavailable, (string?)null),
        };
        return new(fault, $"{path}: {Marshal.GetPInvokeErrorMessage(error)}", hint);
    }

    /// <summary>ENOSYS, EINVAL or EOPNOTSUPP: the file system does not know this call.</summary>
    internal static bool IsNotSupported(int error) => error is 22 or 38 or 95;
}
