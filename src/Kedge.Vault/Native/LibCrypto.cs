using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Kedge.Vault.Native;

/// <summary>The few calls of OpenSSL 3's libcrypto that a vault needs: EVP_CIPHER(3), EVP_MAC(3), EVP_PBE_scrypt(3).</summary>
internal static unsafe partial class LibCrypto
{
    static LibCrypto() => NativeLibraries.Ready();

    [LibraryImport(NativeLibraries.Crypto)]
    internal static partial CipherContext EVP_CIPHER_CTX_new();

    [LibraryImport(NativeLibraries.Crypto)]
    internal static partial void EVP_CIPHER_CTX_free(IntPtr context);

    [LibraryImport(NativeLibraries.Crypto)]
    internal static partial IntPtr EVP_aes_256_ctr();

    [LibraryImport(NativeLibraries.Crypto)]
    internal static partial IntPtr EVP_aes_128_ecb();

    [LibraryImport(NativeLibraries.Crypto)]
    internal static partial int EVP_EncryptInit_ex(CipherContext context, IntPtr cipher, IntPtr engine, byte* key, byte* iv);

    [LibraryImport(NativeLibraries.Crypto)]
    internal static partial int EVP_EncryptUpdate(CipherContext context, byte* output, int* outputLength, byte* input, int inputLength);

    [LibraryImport(NativeLibraries.Crypto)]
    internal static partial int EVP_CIPHER_CTX_set_padding(CipherContext context, int padding);

    [LibraryImport(NativeLibraries.Crypto, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial MacAlgorithm EVP_MAC_fetch(IntPtr library, string algorithm, string? properties);

    [LibraryImport(NativeLibraries.Crypto)]
    internal static partial void EVP_MAC_free(IntPtr mac);

    [LibraryImport(NativeLibraries.Crypto)]
    internal static partial MacContext EVP_MAC_CTX_new(MacAlgorithm mac);

    [LibraryImport(NativeLibraries.Crypto)]
    internal static partial void EVP_MAC_CTX_free(IntPtr context);

    [LibraryImport(NativeLibraries.Crypto)]
    internal static partial int EVP_MAC_init(MacContext context, byte* key, nuint keyLength, IntPtr parameters);

    [LibraryImport(NativeLibraries.Crypto)]
    internal static partial int EVP_MAC_update(MacContext context, byte* data, nuint length);

    [LibraryImport(NativeLibraries.Crypto)]
    internal static partial int EVP_MAC_final(MacContext context, byte* output, nuint* outputLength, nuint outputSize);

    [LibraryImport(NativeLibraries.Crypto)]
    internal static partial int EVP_PBE_scrypt(
        byte* password, nuint passwordLength, byte* salt, nuint saltLength, ulong n, ulong r, ulong p, ulong maximumMemory, byte* key, nuint keyLength);

    internal sealed class CipherContext : SafeHandleZeroOrMinusOneIsInvalid
    {
        public CipherContext() : base(ownsHandle: true)
        {
        }

        protected override bool ReleaseHandle()
        {
            // Wipes the key with it (EVP_CIPHER_CTX_free(3)).
            EVP_CIPHER_CTX_free(handle);
            return true;
        }
    }

    internal sealed class MacAlgorithm : SafeHandleZeroOrMinusOneIsInvalid
    {
        public MacAlgorithm() : base(ownsHandle: true)
        {
        }

        protected override bool ReleaseHandle()
        {
            EVP_MAC_free(handle);
            return true;
        }
    }

    internal sealed class MacContext : SafeHandleZeroOrMinusOneIsInvalid
    {
        public MacContext() : base(ownsHandle: true)
        {
        }

        protected override bool ReleaseHandle()
        {
            EVP_MAC_CTX_free(handle);
            return true;
        }
    }
}
