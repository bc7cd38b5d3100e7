using System.Runtime.InteropServices;
using Kedge.Vault.Native;

namespace Kedge.Vault.Files;

/// <summary>Who this process is to the file system: what it makes belongs to them.</summary>
internal static partial class Identity
{
    static Identity() => NativeLibraries.Ready();

    internal static uint UserId => geteuid();

    internal static uint GroupId => getegid();

    [LibraryImport(NativeLibraries.C)]
    private static partial uint geteuid();

    [LibraryImport(NativeLibraries.C)]
    private static partial uint getegid();
}
