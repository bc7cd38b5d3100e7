using System.Security.Cryptography;

namespace Kedge.Drivers.Dns.Wire;

/// <summary>A secret shared with a name server, under the name by which both know it. Shows its name, never the secret.</summary>
internal sealed class TsigKey(DnsName name, TsigAlgorithm algorithm, byte[] secret)
{
    private readonly byte[] secret = secret;

    public DnsName Name => name;

    public TsigAlgorithm Algorithm => algorithm;

    public byte[] Mac(ReadOnlySpan<byte> data) => algorithm.Hash switch
    {
        nameof(SHA256) => HMACSHA256.HashData(secret, data),
        nameof(SHA384) => HMACSHA384.HashData(secret, data),
        nameof(SHA512) => HMACSHA512.HashData(secret, data),
        _ => throw new InvalidOperationException($"no algorithm for {algorithm.Hash}"),
    };

    public override string ToString() => $"{Name} ({algorithm})";
}

/// <summary>The algorithms that may sign (RFC 8945, section 6, those that it recommends or allows and that are not broken).</summary>
internal sealed record TsigAlgorithm(DnsName Name, string Hash, int MacLength)
{
    /// <summary>As the plan spells them.</summary>
    public static IReadOnlyList<TsigAlgorithm> All { get; } =
    [
        new(DnsName.Parse("hmac-sha256"), nameof(SHA256), 32),
        new(DnsName.Parse("hmac-sha384"), nameof(SHA384), 48),
        new(DnsName.Parse("hmac-sha512"), nameof(SHA512), 64),
    ];

    /// <summary>Throws <see cref="InvalidOperationException"/> for a name that is not in <see cref="All"/>.</summary>
    public static TsigAlgorithm Named(string name) => All.First(a => a.Name.ToString() == name);

    public override string ToString() => Name.ToString();
}
