using System.Reflection;
using System.Runtime.InteropServices;

namespace Kedge.Vault.Native;

/// <summary>Finds the system's libraries by the names under which Debian and its kin install them, and says which package is missing.</summary>
internal static class NativeLibraries
{
    internal const string Crypto = "libcrypto";
    internal const string Zstd = "libzstd";
    internal const string C = "libc";

    private static readonly Dictionary<string, (string[] Files, string Package)> Known = new()
    {
        [Crypto] = (["libcrypto.so.3"], "libssl3"),
        [Zstd] = (["libzstd.so.1"], "libzstd1"),
        [C] = (["libc.so.6"], "libc6"),
    };

    static NativeLibraries() => NativeLibrary.SetDllImportResolver(typeof(NativeLibraries).Assembly, Resolve);

    /// <summary>Every class with imports calls this from its static constructor, so that the resolver is in place.</summary>
    internal static void Ready()
    {
        // The static constructor has done it.
    }

    private static IntPtr Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (!Known.TryGetValue(name, out var library))
        {
            return IntPtr.Zero;
        }

        foreach (var file in library.Files)
        {
            if (NativeLibrary.TryLoad(file, out var handle))
            {
                return handle;
            }
        }

        throw new VaultException(
            VaultFault.MissingLibrary,
            $"the library {library.Files[0]} is not installed",
            $"Install it: apt-get install {library.Package} (libcrypto needs OpenSSL 3).");
    }
}
