using System.Net;

namespace Kedge.Drivers.Dns.Wire;

/// <summary>What a record holds.</summary>
internal abstract record RecordData;

/// <summary>A or AAAA, according to the address.</summary>
internal sealed record AddressData(IPAddress Address) : RecordData
{
    public override string ToString() => Address.ToString();
}

/// <summary>NS or CNAME.</summary>
internal sealed record HostData(DnsName Host) : RecordData
{
    public override string ToString() => Host.ToString();
}

/// <summary>SOA (RFC 1035, section 3.3.13). Times in seconds.</summary>
internal sealed record SoaData(
    DnsName Primary, DnsName Mailbox, uint Serial, uint Refresh, uint Retry, uint Expire, uint Minimum) : RecordData;

/// <summary>TXT: one or more strings of at most 255 bytes.</summary>
internal sealed record TextData(IReadOnlyList<Octets> Strings) : RecordData
{
    public bool Equals(TextData? other) => other is not null && Strings.SequenceEqual(other.Strings);

    public override int GetHashCode() => Strings.Count;
}

/// <summary>TSIG (RFC 8945, section 4.2).</summary>
/// <param name="TimeSigned">Seconds since 1970, 48 bits.</param>
/// <param name="Fudge">Seconds by which clocks may differ.</param>
/// <param name="Other">The server's time, six bytes, where the error is BADTIME.</param>
internal sealed record TsigData(
    DnsName Algorithm, long TimeSigned, ushort Fudge, Octets Mac, ushort OriginalId, TsigError Error, Octets Other) : RecordData;

/// <summary>Any other type, and every record without data (as prerequisites and deletions have it).</summary>
internal sealed record OpaqueData(Octets Bytes) : RecordData
{
    public static OpaqueData None { get; } = new(Octets.Empty);
}
