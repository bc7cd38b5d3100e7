using System.Numerics;
using System.Security.Cryptography;

namespace Kedge.Vault.Format;

/// <summary>
/// The polynomial over F₂ by which restic cuts files (M. O. Rabin, "Fingerprinting by Random Polynomials", 1981). We do not
/// cut by it, but a vault has to have one that restic accepts: irreducible, of degree 53.
/// </summary>
internal static class RabinPolynomial
{
    internal const int Degree = 53;

    internal static ulong Create()
    {
        Span<byte> random = stackalloc byte[sizeof(ulong)];
        while (true)
        {
            // About one in 27 of those with the lowest bit set is irreducible.
            RandomNumberGenerator.Fill(random);
            var candidate = (BitConverter.ToUInt64(random) & ((1UL << Degree) - 1)) | (1UL << Degree) | 1;
            if (IsIrreducible(candidate))
            {
                return candidate;
            }
        }
    }

    /// <summary>M. Ben-Or's test: no common divisor with x^(2^i) - x up to half of the degree. The degree is at most 62.</summary>
    internal static bool IsIrreducible(ulong polynomial)
    {
        var degree = DegreeOf(polynomial);
        if (degree is < 1 or > 62)
        {
            return false;
        }

        var power = Remainder(2, polynomial);
        for (var i = 1; i <= degree / 2; i++)
        {
            power = MultiplyModulo(power, power, polynomial);
            if (CommonDivisor(polynomial, power ^ Remainder(2, polynomial)) != 1)
            {
                return false;
            }
        }

        return true;
    }

    private static int DegreeOf(ulong polynomial) => 63 - BitOperations.LeadingZeroCount(polynomial);

    private static ulong Remainder(ulong dividend, ulong divisor)
    {
        var degree = DegreeOf(divisor);
        for (var excess = DegreeOf(dividend) - degree; excess >= 0; excess = DegreeOf(dividend) - degree)
        {
            dividend ^= divisor << excess;
        }

        return dividend;
    }

    private static ulong CommonDivisor(ulong left, ulong right)
    {
        while (right != 0)
        {
            (left, right) = (right, Remainder(left, right));
        }

        return left;
    }

    private static ulong MultiplyModulo(ulong left, ulong right, ulong modulus)
    {
        var product = 0UL;
        for (var bit = DegreeOf(right); bit >= 0; bit--)
        {
            product = Remainder(product << 1, modulus);
            product ^= (right >> bit & 1) != 0 ? left : 0;
        }

        return product;
    }
}
