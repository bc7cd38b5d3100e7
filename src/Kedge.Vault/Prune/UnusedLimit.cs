using System.Globalization;

namespace Kedge.Vault.Prune;

/// <summary>
/// How much of a vault may be left to data that nobody needs, because it stands in packs with data that somebody does: a
/// percentage of all (<c>5%</c>), a size (<c>500M</c>), or as much as there is (<c>unlimited</c>). As restic's <c>--max-unused</c>.
/// </summary>
public sealed class UnusedLimit
{
    private readonly string text;
    private readonly double fraction;
    private readonly long bytes;

    private UnusedLimit(string text, double fraction, long bytes) => (this.text, this.fraction, this.bytes) = (text, fraction, bytes);

    /// <summary>5%, restic's default.</summary>
    public static UnusedLimit Default { get; } = new("5%", 0.05, 0);

    /// <summary>Only packs in which nothing is needed are given up.</summary>
    public static UnusedLimit Unlimited { get; } = new("unlimited", 1, 0);

    /// <exception cref="VaultException"><see cref="VaultFault.Misuse"/>, with how to write it.</exception>
    public static UnusedLimit Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var plain = text.Trim();
        if (plain.Equals("unlimited", StringComparison.OrdinalIgnoreCase))
        {
            return Unlimited;
        }

        if (plain.EndsWith('%'))
        {
            return double.TryParse(plain[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent) && percent is >= 0 and < 100
                ? new(plain, percent / 100, 0)
                : throw Wrong(text);
        }

        return ByteCount.TryParse(plain, out var size) ? new(plain, 0, size) : throw Wrong(text);
    }

    public override string ToString() => text;

    /// <summary>How many bytes may be unused beside so many that are used.</summary>
    internal long For(long used) => fraction >= 1 ? long.MaxValue : fraction > 0 ? (long)(fraction / (1 - fraction) * used) : bytes;

    private static VaultException Wrong(string text) =>
        new(VaultFault.Misuse, $"'{text}' is no limit for unused data", "Write a percentage below 100 as in 5%, a size as in 500M, or 'unlimited'.");
}
