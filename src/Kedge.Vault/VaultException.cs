namespace Kedge.Vault;

/// <summary>Why an operation on a vault cannot go on.</summary>
public enum VaultFault
{
    /// <summary>Stored data contradicts itself or its name: damaged, forged or cut off.</summary>
    Damaged,

    /// <summary>An object, blob, snapshot or path does not exist.</summary>
    NotFound,

    /// <summary>It exists already, and nothing is ever overwritten.</summary>
    AlreadyExists,

    /// <summary>There is no vault at this location.</summary>
    NoVault,

    /// <summary>Somebody else holds a lock that excludes this.</summary>
    Locked,

    /// <summary>No key opens with this password.</summary>
    WrongPassword,

    /// <summary>The storage refuses: credentials, policy, append-only mode, file permissions.</summary>
    Denied,

    /// <summary>No space is left, or a quota is reached.</summary>
    NoSpace,

    /// <summary>The storage did not answer as it should; trying again may help.</summary>
    Unavailable,

    /// <summary>The caller asked for something that has no meaning.</summary>
    Misuse,

    /// <summary>The vault is older than this client remembers: somebody put back an earlier state.</summary>
    RolledBack,

    /// <summary>A library of the system is missing.</summary>
    MissingLibrary,

    /// <summary>The operating system failed a call on the files that are backed up or restored.</summary>
    FileSystem,
}

/// <summary>
/// An operation on a vault cannot go on. The message is one line for a person, without secrets; <see cref="Hint"/> says
/// what to do about it, where that is not obvious.
/// </summary>
public sealed class VaultException(VaultFault fault, string message, string? hint = null, Exception? inner = null)
    : Exception(message, inner)
{
    public VaultFault Fault { get; } = fault;

    public string? Hint { get; } = hint;

    internal static VaultException Damaged(string what, string? hint = null) => new(VaultFault.Damaged, what, hint);
}
