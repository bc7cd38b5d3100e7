using System.Globalization;
using System.Security.Cryptography;
using Kedge.Vault.Format;

namespace Kedge.Vault.Check;

/// <summary>
/// Which part of all packs a check reads: none, all, one of several equal parts (<c>2/7</c>, always the same packs, so that
/// seven checks see all), a percentage at random (<c>5%</c>), or about so many bytes at random (<c>500M</c>). As restic's
/// <c>--read-data-subset</c>.
/// </summary>
public sealed class DataShare
{
    private const int MaximumParts = 256;
    private const string Form = "Write 'n/t' as in 2/7 with at most 256 parts, a percentage as in 2.5%, or a size as in 500M.";

    private readonly string text;
    private readonly int part;
    private readonly int parts;
    private readonly double fraction;
    private readonly long bytes;

    private DataShare(string text, int part = 0, int parts = 0, double fraction = 0, long bytes = 0) =>
        (this.text, this.part, this.parts, this.fraction, this.bytes) = (text, part, parts, fraction, bytes);

    public static DataShare None { get; } = new("none");

    public static DataShare All { get; } = new("100%", fraction: 1);

    /// <summary>Whether no pack is read.</summary>
    public bool IsNone => parts == 0 && fraction == 0 && bytes == 0;

    /// <exception cref="VaultException"><see cref="VaultFault.Misuse"/>, with how to write it.</exception>
    public static DataShare Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var plain = text.Trim();
        if (plain.Split('/') is [var n, var t])
        {
            return int.TryParse(n, NumberStyles.None, CultureInfo.InvariantCulture, out var part)
                && int.TryParse(t, NumberStyles.None, CultureInfo.InvariantCulture, out var parts)
                && part >= 1 && part <= parts && parts <= MaximumParts ? new(plain, part, parts) : throw Wrong(text);
        }

        if (plain.EndsWith('%'))
        {
            return double.TryParse(plain[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent) && percent > 0 && percent <= 100
                ? new(plain, fraction: percent / 100)
                : throw Wrong(text);
        }

        return ByteCount.TryParse(plain, out var size) && size > 0 ? new(plain, bytes: size) : throw Wrong(text);
    }

    public override string ToString() => text;

    /// <summary>Chooses packs.</summary>
    /// <param name="packs">Their numbers.</param>
    internal List<int> Choose(IReadOnlyList<int> packs, Func<int, ObjectId> idOf, Func<int, long> lengthOf)
    {
        if (parts > 0)
        {
            return [.. packs.Where(p => idOf(p).Bytes[0] % parts == part - 1)];
        }

        if (fraction >= 1)
        {
            return [.. packs];
        }

        var shuffled = packs.ToArray();
        RandomNumberGenerator.Shuffle(shuffled.AsSpan());
        if (fraction > 0)
        {
            // At least one, as restic.
            return [.. shuffled.Take(Math.Max(1, (int)(fraction * shuffled.Length))).Order()];
        }

        var chosen = new List<int>();
        var sum = 0L;
        foreach (var pack in shuffled.TakeWhile(_ => sum < bytes))
        {
            chosen.Add(pack);
            sum += lengthOf(pack);
        }

        chosen.Sort();
        return chosen;
    }

    private static VaultException Wrong(string text) => new(VaultFault.Misuse, $"'{text}' is no share of a vault's data", Form);
}
