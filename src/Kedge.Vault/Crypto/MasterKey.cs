using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Kedge.Vault.Crypto;

/// <summary>
/// The secret of a vault (restic, doc/design.rst "Keys, Encryption and MAC"): an AES-256 key, and the two halves of a
/// Poly1305-AES key. Held in memory outside the garbage collector's reach, so that no copies of it are left behind, and
/// wiped when disposed.
/// </summary>
public sealed unsafe class MasterKey : IDisposable
{
    public const int EncryptionKeySize = 32;
    public const int MacKeySize = 16;
    private const int Size = EncryptionKeySize + (2 * MacKeySize);

    private byte* secret;

    internal MasterKey(ReadOnlySpan<byte> encryption, ReadOnlySpan<byte> macK, ReadOnlySpan<byte> macR)
    {
        if (encryption.Length != EncryptionKeySize || macK.Length != MacKeySize || macR.Length != MacKeySize)
        {
            throw VaultException.Damaged("a key of the wrong length");
        }

        if (!encryption.ContainsAnyExcept((byte)0) || !macK.ContainsAnyExcept((byte)0) || !macR.ContainsAnyExcept((byte)0))
        {
            throw VaultException.Damaged("a key that is all zeros");
        }

        secret = (byte*)NativeMemory.AllocZeroed(Size);
        var all = new Span<byte>(secret, Size);
        encryption.CopyTo(all);
        macK.CopyTo(all[EncryptionKeySize..]);
        macR.CopyTo(all[(EncryptionKeySize + MacKeySize)..]);
    }

    ~MasterKey() => Wipe();

    /// <summary>A new one from the system's randomness.</summary>
    public static MasterKey Create()
    {
        Span<byte> random = stackalloc byte[Size];
        try
        {
            RandomNumberGenerator.Fill(random);
            return Split(random);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(random);
        }
    }

    /// <summary>From what scrypt makes of a password: 64 bytes, encryption key first.</summary>
    internal static MasterKey Split(ReadOnlySpan<byte> material) => new(
        material[..EncryptionKeySize],
        material.Slice(EncryptionKeySize, MacKeySize),
        material.Slice(EncryptionKeySize + MacKeySize, MacKeySize));

    internal static MasterKey CopyOf(MasterKey other) => Split(other.Part(0, Size));

    internal ReadOnlySpan<byte> Encryption => Part(0, EncryptionKeySize);

    internal ReadOnlySpan<byte> MacK => Part(EncryptionKeySize, MacKeySize);

    internal ReadOnlySpan<byte> MacR => Part(EncryptionKeySize + MacKeySize, MacKeySize);

    /// <summary>Whether two vaults share their key, so that what is sealed for one opens with the other. In constant time.</summary>
    public bool SameAs(MasterKey other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return CryptographicOperations.FixedTimeEquals(Part(0, Size), other.Part(0, Size));
    }

    /// <summary>A secret derived from this one for another purpose (HKDF, RFC 5869, with SHA-256).</summary>
    internal void Derive(ReadOnlySpan<byte> purpose, Span<byte> output) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, Part(0, Size), output, salt: [], purpose);

    public void Dispose()
    {
        Wipe();
        GC.SuppressFinalize(this);
    }

    private ReadOnlySpan<byte> Part(int start, int length)
    {
        ObjectDisposedException.ThrowIf(secret == null, this);
        return new(secret + start, length);
    }

    private void Wipe()
    {
        if (secret == null)
        {
            return;
        }

        CryptographicOperations.ZeroMemory(new Span<byte>(secret, Size));
        NativeMemory.Free(secret);
        secret = null;
    }
}
