namespace Kedge.Drivers.Dns.Wire;

/// <summary>Bytes that are equal where their contents are.</summary>
internal readonly struct Octets(byte[]? bytes) : IEquatable<Octets>
{
    private readonly byte[]? bytes = bytes;

    public static Octets Empty => default;

    public ReadOnlySpan<byte> Span => bytes;

    public int Length => bytes?.Length ?? 0;

    public static bool operator ==(Octets left, Octets right) => left.Equals(right);

    public static bool operator !=(Octets left, Octets right) => !left.Equals(right);

    public bool Equals(Octets other) => Span.SequenceEqual(other.Span);

    public override bool Equals(object? obj) => obj is Octets other && Equals(other);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(Span);
        return hash.ToHashCode();
    }

    public override string ToString() => Convert.ToHexStringLower(Span);
}
