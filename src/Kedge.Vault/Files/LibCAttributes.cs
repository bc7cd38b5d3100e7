using System.Runtime.InteropServices;
using Kedge.Vault.Native;

namespace Kedge.Vault.Files;

/// <summary>The calls on extended attributes (xattr(7)). Paths and names end with a zero byte.</summary>
internal static unsafe partial class LibCAttributes
{
    static LibCAttributes() => NativeLibraries.Ready();

    [LibraryImport(NativeLibraries.C, SetLastError = true)]
    internal static partial nint flistxattr(Descriptor file, byte* names, nuint size);

    [LibraryImport(NativeLibraries.C, SetLastError = true)]
    internal static partial nint fgetxattr(Descriptor file, byte* name, byte* value, nuint size);

    [LibraryImport(NativeLibraries.C, SetLastError = true)]
    internal static partial int fsetxattr(Descriptor file, byte* name, byte* value, nuint size, int flags);

    [LibraryImport(NativeLibraries.C, SetLastError = true)]
    internal static partial int fremovexattr(Descriptor file, byte* name);

    [LibraryImport(NativeLibraries.C, SetLastError = true)]
    internal static partial nint listxattr(byte* path, byte* names, nuint size);

    [LibraryImport(NativeLibraries.C, SetLastError = true)]
    internal static partial nint getxattr(byte* path, byte* name, byte* value, nuint size);

    [LibraryImport(NativeLibraries.C, SetLastError = true)]
    internal static partial int setxattr(byte* path, byte* name, byte* value, nuint size, int flags);

    [LibraryImport(NativeLibraries.C, SetLastError = true)]
    internal static partial int removexattr(byte* path, byte* name);

    [LibraryImport(NativeLibraries.C, SetLastError = true)]
    internal static partial nint llistxattr(byte* path, byte* names, nuint size);

    [LibraryImport(NativeLibraries.C, SetLastError = true)]
    internal static partial nint lgetxattr(byte* path, byte* name, byte* value, nuint size);
}
