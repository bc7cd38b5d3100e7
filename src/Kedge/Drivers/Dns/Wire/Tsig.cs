using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Kedge.Drivers.Dns.Wire;

/// <summary>Signs messages with a shared secret, and verifies what comes back (RFC 8945).</summary>
internal static class Tsig
{
    /// <summary>Seconds by which the clocks of both sides may differ; the value that the RFC recommends.</summary>
    public const ushort Fudge = 300;

    /// <param name="message">Without a signature yet.</param>
    /// <param name="requestMac">Signature of the request that this answers; empty for a request.</param>
    /// <param name="error">What a server has to say about the request's signature.</param>
    /// <param name="other">With BADTIME the server's time, six bytes; else empty.</param>
    public static SignedMessage Sign(
        DnsMessage message, TsigKey key, long timeSigned, ReadOnlySpan<byte> requestMac, TsigError error, Octets other)
    {
        var unsigned = new TsigData(key.Algorithm.Name, timeSigned, Fudge, Octets.Empty, message.Id, error, other);
        var mac = key.Mac(Digested(MessageWriter.Write(message), key.Name, unsigned, requestMac));
        var record = new ResourceRecord(key.Name, RecordType.TSIG, RecordClass.ANY, 0, unsigned with { Mac = new(mac) });
        return new(MessageWriter.Write(message with { Additional = [.. message.Additional, record] }), mac);
    }

    /// <summary>Checks the answer to a signed request, in the order of section 5.2: key, signature, time.</summary>
    /// <param name="wire">The answer as it came.</param>
    /// <param name="key">The key that signed the request.</param>
    /// <param name="requestMac">The request's signature.</param>
    /// <param name="now">Seconds since 1970.</param>
    public static TsigVerdict Verify(ReadOnlySpan<byte> wire, TsigKey key, ReadOnlySpan<byte> requestMac, long now)
    {
        var message = MessageReader.Read(wire, out var signatureAt);
        if (message.Signature is not { Data: TsigData tsig } record || record.Class != RecordClass.ANY || record.Ttl != 0)
        {
            return TsigVerdict.Unsigned;
        }

        if (tsig.Mac.Length == 0 && tsig.Error is TsigError.BadKey or TsigError.BadSignature)
        {
            // Section 5.3.2: the server cannot sign what it could not verify, so this is nobody's word.
            return tsig.Error is TsigError.BadKey ? TsigVerdict.KeyRefused : TsigVerdict.SignatureRefused;
        }

        if (record.Name != key.Name || tsig.Algorithm != key.Algorithm.Name)
        {
            return TsigVerdict.OtherKey;
        }

        // The signature was made over the message before the record was added, under the request's identifier.
        var signed = wire[..signatureAt].ToArray();
        BinaryPrimitives.WriteUInt16BigEndian(signed, tsig.OriginalId);
        BinaryPrimitives.WriteUInt16BigEndian(signed.AsSpan(10), (ushort)(message.Additional.Count - 1));
        var expected = key.Mac(Digested(signed, key.Name, tsig, requestMac));
        if (!CryptographicOperations.FixedTimeEquals(expected, tsig.Mac.Span))
        {
            return TsigVerdict.Forged;
        }

        if (tsig.Error is TsigError.BadTime)
        {
            return TsigVerdict.TimeRefused(ServerTime(tsig));
        }

        return Math.Abs(now - tsig.TimeSigned) <= tsig.Fudge ? TsigVerdict.Good : TsigVerdict.Stale(tsig.TimeSigned);
    }

    /// <summary>What the signature is made over (section 4.3.3): request's signature, message, the record's own fields.</summary>
    private static byte[] Digested(byte[] message, DnsName key, TsigData tsig, ReadOnlySpan<byte> requestMac)
    {
        using var digest = new MemoryStream();
        Span<byte> number = stackalloc byte[8];
        if (requestMac.Length > 0)
        {
            BinaryPrimitives.WriteUInt16BigEndian(number, (ushort)requestMac.Length);
            digest.Write(number[..2]);
            digest.Write(requestMac);
        }

        digest.Write(message);
        digest.Write(key.ToCanonical());
        BinaryPrimitives.WriteUInt16BigEndian(number, (ushort)RecordClass.ANY);
        BinaryPrimitives.WriteUInt32BigEndian(number[2..], 0);
        digest.Write(number[..6]);
        digest.Write(tsig.Algorithm.ToCanonical());
        BinaryPrimitives.WriteUInt64BigEndian(number, ((ulong)tsig.TimeSigned << 16) | tsig.Fudge);
        digest.Write(number);
        BinaryPrimitives.WriteUInt16BigEndian(number, (ushort)tsig.Error);
        BinaryPrimitives.WriteUInt16BigEndian(number[2..], (ushort)tsig.Other.Length);
        digest.Write(number[..4]);
        digest.Write(tsig.Other.Span);
        return digest.ToArray();
    }

    private static long? ServerTime(TsigData tsig) => tsig.Other.Length == 6
        ? ((long)BinaryPrimitives.ReadUInt16BigEndian(tsig.Other.Span) << 32) | BinaryPrimitives.ReadUInt32BigEndian(tsig.Other.Span[2..])
        : null;
}

/// <summary>A message ready to be sent, and the signature that its answer will be bound to.</summary>
internal sealed record SignedMessage(byte[] Wire, byte[] Mac);

/// <summary>What the signature of an answer says.</summary>
/// <param name="Time">The other side's clock, in seconds since 1970, where it matters and is known.</param>
internal sealed record TsigVerdict(TsigVerdictKind Kind, long? Time)
{
    public static TsigVerdict Good { get; } = new(TsigVerdictKind.Good, null);

    public static TsigVerdict Unsigned { get; } = new(TsigVerdictKind.Unsigned, null);

    public static TsigVerdict OtherKey { get; } = new(TsigVerdictKind.OtherKey, null);

    public static TsigVerdict Forged { get; } = new(TsigVerdictKind.Forged, null);

    public static TsigVerdict KeyRefused { get; } = new(TsigVerdictKind.KeyRefused, null);

    public static TsigVerdict SignatureRefused { get; } = new(TsigVerdictKind.SignatureRefused, null);

    public static TsigVerdict TimeRefused(long? serverTime) => new(TsigVerdictKind.TimeRefused, serverTime);

    public static TsigVerdict Stale(long timeSigned) => new(TsigVerdictKind.Stale, timeSigned);
}

/// <summary>Kinds of <see cref="TsigVerdict"/>. Only Good and TimeRefused are certainly the server's own word.</summary>
internal enum TsigVerdictKind
{
    /// <summary>Signed with the key, in answer to the request, in time.</summary>
    Good,

    /// <summary>No signature at all.</summary>
    Unsigned,

    /// <summary>Signed with another key or algorithm.</summary>
    OtherKey,

    /// <summary>The signature does not fit.</summary>
    Forged,

    /// <summary>BADKEY: the server does not know the key.</summary>
    KeyRefused,

    /// <summary>BADSIG: the server knows a key of this name with another secret.</summary>
    SignatureRefused,

    /// <summary>BADTIME: the server's clock differs too much.</summary>
    TimeRefused,

    /// <summary>Well signed, but at a time that is too far from this clock.</summary>
    Stale,
}
