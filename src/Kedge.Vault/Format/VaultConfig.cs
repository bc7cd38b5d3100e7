using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;

namespace Kedge.Vault.Format;

/// <summary>
/// What a vault is: the content of its <c>config</c>, which is sealed but in no version of the format compressed (restic,
/// doc/design.rst "Repository Layout").
/// </summary>
/// <param name="Version">1, or 2, which knows compression.</param>
/// <param name="Id">The vault's own, for as long as it exists: 64 hexadecimal digits where restic or we have made it.</param>
/// <param name="Polynomial">Irreducible, for restic's way of cutting files.</param>
public sealed record VaultConfig(int Version, string Id, ulong Polynomial)
{
    public const int OldestVersion = 1;
    public const int NewestVersion = 2;

    private static readonly SearchValues<char> IdCharacters = SearchValues.Create("0123456789abcdefABCDEF-");

    /// <summary>What rustic and others keep here.</summary>
    public UnknownFields Unknown { get; init; } = new();

    public static VaultConfig Create(int version)
    {
        Span<byte> random = stackalloc byte[ObjectId.Size];
        RandomNumberGenerator.Fill(random);
        return new(version, new ObjectId(random).ToString(), RabinPolynomial.Create());
    }

    /// <exception cref="VaultException"><see cref="VaultFault.Damaged"/>, also where the version is none that this can read.</exception>
    public static VaultConfig Parse(ReadOnlySpan<byte> json)
    {
        const string what = "the vault's config";
        var fields = new JsonFields(json, what);
        (ulong Version, string Id, string Polynomial) read = (0, "", "");
        var unknown = new UnknownFields();
        if (fields.TryEnter())
        {
            while (fields.Next())
            {
                if (fields.Is("version"u8))
                {
                    read.Version = fields.Number(int.MaxValue);
                }
                else if (fields.Is("id"u8))
                {
                    read.Id = fields.Text("");
                }
                else if (fields.Is("chunker_polynomial"u8))
                {
                    read.Polynomial = fields.Text("");
                }
                else
                {
                    unknown.Add(fields.RawName, fields.Raw());
                }
            }
        }

        fields.End();
        if (read.Version is < OldestVersion or > NewestVersion)
        {
            throw VaultException.Damaged(
                $"{what} states version {read.Version} of the format", $"This program knows the versions {OldestVersion} and {NewestVersion}.");
        }

        // What restic refuses when it opens a vault is refused here too.
        return read.Id.Length is 0 or > 128 || read.Id.AsSpan().ContainsAnyExcept(IdCharacters)
            ? throw VaultException.Damaged($"{what} has no id")
            : !ulong.TryParse(read.Polynomial, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var polynomial)
                || !RabinPolynomial.IsIrreducible(polynomial)
                ? throw VaultException.Damaged($"{what} has no irreducible polynomial")
                : new((int)read.Version, read.Id, polynomial) { Unknown = unknown };
    }

    public byte[] Write()
    {
        using var buffer = new JsonBuffer(256);
        buffer.Append("{\"version\":"u8);
        buffer.AppendNumber((ulong)Version);
        buffer.Append(",\"id\":"u8);
        buffer.AppendText(Id);
        buffer.Append(",\"chunker_polynomial\":"u8);
        buffer.AppendText(Polynomial.ToString("x", CultureInfo.InvariantCulture));
        Unknown.WriteTo(buffer);
        buffer.Append('}');
        return buffer.ToArray();
    }
}
