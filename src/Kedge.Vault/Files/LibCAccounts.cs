using System.Runtime.InteropServices;
using Kedge.Vault.Native;

namespace Kedge.Vault.Files;

/// <summary>The calls on accounts (getpwnam(3), getgrnam(3)), which ask whatever the system asks: files, LDAP, systemd.</summary>
internal static unsafe partial class LibCAccounts
{
    static LibCAccounts() => NativeLibraries.Ready();

    [LibraryImport(NativeLibraries.C)]
    internal static partial int getpwuid_r(uint id, Account* user, byte* buffer, nuint size, Account** result);

    [LibraryImport(NativeLibraries.C)]
    internal static partial int getpwnam_r(byte* name, Account* user, byte* buffer, nuint size, Account** result);

    [LibraryImport(NativeLibraries.C)]
    internal static partial int getgrgid_r(uint id, Account* group, byte* buffer, nuint size, Account** result);

    [LibraryImport(NativeLibraries.C)]
    internal static partial int getgrnam_r(byte* name, Account* group, byte* buffer, nuint size, Account** result);

    /// <summary>What <c>struct passwd</c> and <c>struct group</c> begin with where pointers have 64 bits, and room for the rest.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 64)]
    internal struct Account
    {
        internal byte* Name;
        internal byte* Password;
        internal uint Id;
    }
}
