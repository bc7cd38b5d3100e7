using System.Buffers.Binary;
using System.Security.Cryptography;
using Kedge.Vault.Native;

namespace Kedge.Vault.Crypto;

/// <summary>
/// Seals and opens what a vault stores: <c>nonce(16) ‖ AES-256-CTR ‖ Poly1305-AES(16)</c>, encrypt-then-MAC (restic,
/// doc/design.rst; D. J. Bernstein, "The Poly1305-AES message-authentication code", 2005). One object belongs to one
/// thread; its contexts are made once, so that sealing allocates nothing.
/// </summary>
public sealed unsafe class Sealing : IDisposable
{
    public const int NonceSize = 16;
    public const int MacSize = 16;

    /// <summary>How many bytes a sealed message is longer than its plain content.</summary>
    public const int Overhead = NonceSize + MacSize;

    /// <summary>AES-NI works on lengths of an int; longer messages are cut.</summary>
    private const int Stride = 1 << 30;

    private readonly LibCrypto.CipherContext stream = Checked(LibCrypto.EVP_CIPHER_CTX_new());
    private readonly LibCrypto.CipherContext block = Checked(LibCrypto.EVP_CIPHER_CTX_new());
    private readonly LibCrypto.MacAlgorithm poly1305 = Checked(LibCrypto.EVP_MAC_fetch(0, "POLY1305", null));
    private readonly LibCrypto.MacContext mac;
    private readonly byte[] r = new byte[MasterKey.MacKeySize];

    public Sealing(MasterKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        mac = Checked(LibCrypto.EVP_MAC_CTX_new(poly1305));
        key.MacR.CopyTo(r);
        fixed (byte* encryption = key.Encryption, k = key.MacK)
        {
            Check(LibCrypto.EVP_EncryptInit_ex(stream, LibCrypto.EVP_aes_256_ctr(), 0, encryption, null));
            Check(LibCrypto.EVP_EncryptInit_ex(block, LibCrypto.EVP_aes_128_ecb(), 0, k, null));
        }

        Check(LibCrypto.EVP_CIPHER_CTX_set_padding(block, 0));
    }

    /// <summary>Seals <paramref name="plain"/> with a fresh random nonce. They may not overlap, but for <paramref name="plain"/>
    /// standing exactly at <c>sealedBytes[NonceSize..]</c>.</summary>
    /// <param name="sealedBytes">As long as the content and <see cref="Overhead"/>.</param>
    public void Seal(ReadOnlySpan<byte> plain, Span<byte> sealedBytes)
    {
        Demand(sealedBytes.Length == plain.Length + Overhead, nameof(sealedBytes));
        var nonce = sealedBytes[..NonceSize];
        RandomNumberGenerator.Fill(nonce);
        Seal(nonce, plain, sealedBytes[NonceSize..]);
    }

    /// <summary>The same with a nonce of the caller's, for test vectors.</summary>
    internal void Seal(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plain, Span<byte> cipherAndMac)
    {
        Demand(nonce.Length == NonceSize && cipherAndMac.Length == plain.Length + MacSize, nameof(cipherAndMac));
        ApplyKeyStream(nonce, plain, cipherAndMac[..plain.Length]);
        Authenticate(nonce, cipherAndMac[..plain.Length], cipherAndMac[plain.Length..]);
    }

    /// <summary>Opens a sealed message, in place if the caller likes. Nothing is decrypted before its MAC was found right.</summary>
    /// <param name="plain">As long as the message less <see cref="Overhead"/>; may stand at <c>sealedBytes[NonceSize..]</c>.</param>
    /// <returns>False where the message is forged, damaged, or sealed with another key.</returns>
    public bool TryOpen(ReadOnlySpan<byte> sealedBytes, Span<byte> plain)
    {
        if (sealedBytes.Length < Overhead)
        {
            return false;
        }

        Demand(plain.Length == sealedBytes.Length - Overhead, nameof(plain));
        var nonce = sealedBytes[..NonceSize];
        var cipher = sealedBytes[NonceSize..^MacSize];
        Span<byte> expected = stackalloc byte[MacSize];
        Authenticate(nonce, cipher, expected);
        if (!CryptographicOperations.FixedTimeEquals(expected, sealedBytes[^MacSize..]) || !nonce.ContainsAnyExcept((byte)0))
        {
            return false;
        }

        ApplyKeyStream(nonce, cipher, plain);
        return true;
    }

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(r);
        stream.Dispose();
        block.Dispose();
        mac.Dispose();
        poly1305.Dispose();
    }

    private void ApplyKeyStream(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> input, Span<byte> output)
    {
        fixed (byte* iv = nonce, from = input, to = output)
        {
            Check(LibCrypto.EVP_EncryptInit_ex(stream, 0, 0, null, iv));
            for (var done = 0; done < input.Length; done += Stride)
            {
                int written, step = Math.Min(Stride, input.Length - done);
                Check(LibCrypto.EVP_EncryptUpdate(stream, to + done, &written, from + done, step));
                Demand(written == step, nameof(written));
            }
        }
    }

    /// <summary>Poly1305 with the one-time key r ‖ AES-128(k, nonce).</summary>
    private void Authenticate(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> cipher, Span<byte> tag)
    {
        const int keySize = 2 * MasterKey.MacKeySize;
        var oneTime = stackalloc byte[keySize];
        r.CopyTo(new Span<byte>(oneTime, MasterKey.MacKeySize));
        Clamp(new Span<byte>(oneTime, MasterKey.MacKeySize));
        fixed (byte* plainNonce = nonce, message = cipher, output = tag)
        {
            int written;
            Check(LibCrypto.EVP_EncryptUpdate(block, oneTime + MasterKey.MacKeySize, &written, plainNonce, NonceSize));
            Check(LibCrypto.EVP_MAC_init(mac, oneTime, keySize, 0));
            Check(LibCrypto.EVP_MAC_update(mac, message, (nuint)cipher.Length));
            nuint length;
            Check(LibCrypto.EVP_MAC_final(mac, output, &length, MacSize));
            Demand(written == NonceSize && length == MacSize, nameof(tag));
        }

        CryptographicOperations.ZeroMemory(new Span<byte>(oneTime, keySize));
    }

    /// <summary>The bits of r that Poly1305 wants to be zero (Bernstein 2005, section 2).</summary>
    private static void Clamp(Span<byte> half)
    {
        var low = BinaryPrimitives.ReadUInt64LittleEndian(half);
        var high = BinaryPrimitives.ReadUInt64LittleEndian(half[8..]);
        BinaryPrimitives.WriteUInt64LittleEndian(half, low & 0x0ffffffc0fffffff);
        BinaryPrimitives.WriteUInt64LittleEndian(half[8..], high & 0x0ffffffc0ffffffc);
    }

    private static T Checked<T>(T handle)
        where T : System.Runtime.InteropServices.SafeHandle =>
        handle.IsInvalid ? throw new CryptographicException("libcrypto made no context") : handle;

    private static void Check(int result)
    {
        if (result != 1)
        {
            throw new CryptographicException("libcrypto refused a call that cannot fail");
        }
    }

    private static void Demand(bool holds, string name)
    {
        if (!holds)
        {
            throw new ArgumentException("The lengths do not fit one another.", name);
        }
    }
}
