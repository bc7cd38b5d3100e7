namespace Kedge.Drivers.Dns.Wire;

/// <summary>Bytes that are no DNS message. The message says what is wrong and at which offset.</summary>
internal sealed class DnsFormatException(string what) : Exception(what);
