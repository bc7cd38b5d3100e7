using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using Kedge.Vault.Native;

namespace Kedge.Vault.Crypto;

/// <summary>What scrypt costs (RFC 7914): CPU and memory, block size, parallelism.</summary>
public readonly record struct ScryptCost(long N, int R, int P)
{
    /// <summary>What new keys take: 32 MiB, and about a tenth of a second on a processor of 2024.</summary>
    public static ScryptCost Default => new(1 << 15, 8, 2);

    /// <summary>More memory than this no key may ask for: a forged key file must not exhaust the machine.</summary>
    internal const long MaximumMemory = 1L << 30;

    /// <summary>More work than this no key may ask for: about a minute.</summary>
    internal const long MaximumWork = 1L << 28;

    /// <summary>Whether a key may ask for it. Of what is not sane, <see cref="Memory"/> and <see cref="Work"/> mean nothing.</summary>
    internal bool IsSane => this is { N: > 1 and < 1 << 26, R: > 0 and < 1 << 20, P: > 0 and < 1 << 20 } && BitOperations.IsPow2(N)
        // RFC 7914 section 6: N is less than 2^(128 * r / 8).
        && (R > 1 || N < 1 << 16)
        && Memory <= MaximumMemory && Work <= MaximumWork;

    /// <summary>Whether it is no more than what programs take by themselves: restic up to 60 MiB and half a second of the machine
    /// that made the key, rustic 128 MiB.</summary>
    internal bool IsModest => IsSane && Memory <= 160 << 20 && Work <= 1 << 22;

    /// <summary>In bytes.</summary>
    internal long Memory => 128L * R * (N + P + 2);

    /// <summary>In turns of the inner loop, of which a processor of 2024 does about four million a second.</summary>
    internal long Work => N * R * P;
}

/// <summary>Makes keys of passwords with scrypt (RFC 7914).</summary>
internal static unsafe class Scrypt
{
    /// <summary>The 64 bytes of a key that a password stands for.</summary>
    /// <exception cref="VaultException"><see cref="VaultFault.Damaged"/> where the cost is none that a key may have.</exception>
    internal static MasterKey Derive(ReadOnlySpan<char> password, ReadOnlySpan<byte> salt, ScryptCost cost)
    {
        if (!cost.IsSane)
        {
            throw VaultException.Damaged($"a key that asks for scrypt with N={cost.N}, r={cost.R}, p={cost.P}");
        }

        var bytes = new byte[Encoding.UTF8.GetByteCount(password)];
        Span<byte> material = stackalloc byte[64];
        try
        {
            Encoding.UTF8.GetBytes(password, bytes);
            Derive(bytes, salt, cost, material);
            return MasterKey.Split(material);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
            CryptographicOperations.ZeroMemory(material);
        }
    }

    internal static void Derive(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, ScryptCost cost, Span<byte> output)
    {
        // Neither may be a null pointer, even when empty.
        ReadOnlySpan<byte> nothing = [0];
        fixed (byte* word = password.IsEmpty ? nothing : password, grain = salt.IsEmpty ? nothing : salt, key = output)
        {
            var result = LibCrypto.EVP_PBE_scrypt(
                word, (nuint)password.Length, grain, (nuint)salt.Length, (ulong)cost.N, (ulong)cost.R, (ulong)cost.P, ScryptCost.MaximumMemory + (1 << 20), key, (nuint)output.Length);
            if (result != 1)
            {
                // The cost was found sane: what is left is memory that the system does not give.
                throw VaultException.Damaged($"scrypt cannot be worked out with N={cost.N}, r={cost.R}, p={cost.P}", $"It takes {cost.Memory >> 20} MiB of memory. Try where there is as much.");
            }
        }
    }
}
