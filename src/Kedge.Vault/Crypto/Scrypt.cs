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

    internal long Memory => 128L * R * (N + P + 2);
}

/// <summary>Makes keys of passwords with scrypt (RFC 7914).</summary>
internal static unsafe class Scrypt
{
    private const int MaximumWork = 1 << 28;

    /// <summary>The 64 bytes of a key that a password stands for.</summary>
    /// <exception cref="VaultException"><see cref="VaultFault.Damaged"/> where the cost is none that a key may have.</exception>
    internal static MasterKey Derive(ReadOnlySpan<char> password, ReadOnlySpan<byte> salt, ScryptCost cost)
    {
        Demand(cost);
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
                throw new CryptographicException($"scrypt refused N={cost.N}, r={cost.R}, p={cost.P}");
            }
        }
    }

    private static void Demand(ScryptCost cost)
    {
        var sane = cost is { N: > 1, R: > 0 and < 1 << 20, P: > 0 and < 1 << 20 } && BitOperations.IsPow2(cost.N) && cost.N < 1 << 26
            && cost.Memory <= ScryptCost.MaximumMemory && cost.N * cost.R * (long)cost.P <= MaximumWork;
        if (!sane)
        {
            throw VaultException.Damaged($"a key that asks for scrypt with N={cost.N}, r={cost.R}, p={cost.P}");
        }
    }
}
