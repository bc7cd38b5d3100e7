using System.Buffers.Binary;
using System.Net;

namespace Kedge.Drivers.Dns.Wire;

/// <summary>
/// Reads messages from the network: whatever the bytes, it ends after work proportional to their number, with a
/// message or a <see cref="DnsFormatException"/>.
/// </summary>
internal ref struct MessageReader
{
    private readonly ReadOnlySpan<byte> wire;
    private int at;

    private MessageReader(ReadOnlySpan<byte> wire) => this.wire = wire;

    /// <param name="wire">The whole message, nothing before or after it.</param>
    /// <param name="signatureAt">Offset of the TSIG record; the message's length where there is none.</param>
    public static DnsMessage Read(ReadOnlySpan<byte> wire, out int signatureAt)
    {
        var reader = new MessageReader(wire);
        return reader.ReadMessage(out signatureAt);
    }

    public static DnsMessage Read(ReadOnlySpan<byte> wire) => Read(wire, out _);

    private DnsMessage ReadMessage(out int signatureAt)
    {
        var id = UInt16();
        var first = Octet();
        var second = Octet();
        var counts = (Questions: UInt16(), Answers: UInt16(), Authority: UInt16(), Additional: UInt16());
        signatureAt = wire.Length;

        // Initialisers run in the order in which they are written, which is the order on the wire.
        var message = new DnsMessage
        {
            Id = id,
            IsResponse = (first & 0x80) != 0,
            Opcode = (Opcode)((first >> 3) & 0x0f),
            Authoritative = (first & 0x04) != 0,
            Truncated = (first & 0x02) != 0,
            RecursionDesired = (first & 0x01) != 0,
            RecursionAvailable = (second & 0x80) != 0,
            OtherFlags = (byte)(second & 0x70),
            Rcode = (Rcode)(second & 0x0f),
            Questions = Questions(counts.Questions),
            Answers = Records(counts.Answers, isLast: false, ref signatureAt),
            Authority = Records(counts.Authority, isLast: false, ref signatureAt),
            Additional = Records(counts.Additional, isLast: true, ref signatureAt),
        };
        return at == wire.Length ? message : throw Wrong($"{wire.Length - at} bytes follow the message");
    }

    private List<Question> Questions(int count)
    {
        // No list is made as large as a count claims: the bytes decide.
        var questions = new List<Question>();
        for (var i = 0; i < count; i++)
        {
            questions.Add(new(Name(), (RecordType)UInt16(), (RecordClass)UInt16()));
        }

        return questions;
    }

    private List<ResourceRecord> Records(int count, bool isLast, ref int signatureAt)
    {
        var records = new List<ResourceRecord>();
        for (var i = 0; i < count; i++)
        {
            var start = at;
            var record = Record();
            if (record.Type is RecordType.TSIG)
            {
                signatureAt = isLast && i == count - 1
                    ? start
                    : throw Wrong("a TSIG record stands elsewhere than at the end");
            }

            records.Add(record);
        }

        return records;
    }

    private ResourceRecord Record()
    {
        var name = Name();
        var type = (RecordType)UInt16();
        var recordClass = (RecordClass)UInt16();
        var ttl = UInt32();
        var length = UInt16();
        if (length > wire.Length - at)
        {
            throw Wrong($"a record claims {length} bytes where {wire.Length - at} are left");
        }

        var end = at + length;
        var data = length == 0 ? OpaqueData.None : Data(type, recordClass, end);
        return at == end
            ? new(name, type, recordClass, ttl, data)
            : throw Wrong($"the data of a {type} record does not fill its length");
    }

    private RecordData Data(RecordType type, RecordClass recordClass, int end) => type switch
    {
        RecordType.A when recordClass is RecordClass.IN or RecordClass.NONE => new AddressData(new IPAddress(Octets(4))),
        RecordType.AAAA when recordClass is RecordClass.IN or RecordClass.NONE => new AddressData(new IPAddress(Octets(16))),
        RecordType.NS or RecordType.CNAME => new HostData(Name()),
        RecordType.SOA => new SoaData(Name(), Name(), UInt32(), UInt32(), UInt32(), UInt32(), UInt32()),
        RecordType.TXT => new TextData(Strings(end)),
        RecordType.TSIG => Tsig(),
        _ => new OpaqueData(new(Octets(end - at).ToArray())),
    };

    private TsigData Tsig() => new(
        Name(),
        ((long)UInt16() << 32) | UInt32(),
        UInt16(),
        new(Octets(UInt16()).ToArray()),
        UInt16(),
        (TsigError)UInt16(),
        new(Octets(UInt16()).ToArray()));

    private List<Octets> Strings(int end)
    {
        var strings = new List<Octets>();
        while (at < end)
        {
            strings.Add(new(Octets(Octet()).ToArray()));
        }

        return strings;
    }

    /// <summary>
    /// A name, with its pointers followed (RFC 1035, section 4.1.4). Each pointer must lead to before the place that it
    /// was met from, so that there can be no loop; the name's length limits the rest.
    /// </summary>
    private DnsName Name()
    {
        Span<byte> name = stackalloc byte[DnsName.MaxWireLength];
        var length = 0;
        var from = at;
        var limit = at;
        var resumeAt = -1;
        while (true)
        {
            var octet = OctetAt(from);
            if ((octet & 0xc0) == 0xc0)
            {
                var target = ((octet & 0x3f) << 8) | OctetAt(from + 1);
                if (target >= limit)
                {
                    throw Wrong("a compressed name points forward or at itself");
                }

                resumeAt = resumeAt < 0 ? from + 2 : resumeAt;
                from = limit = target;
                continue;
            }

            if (octet > DnsName.MaxLabelLength)
            {
                throw Wrong("a label of a kind that is not in use");
            }

            if (length + octet + 1 > DnsName.MaxWireLength || (octet > 0 && length + octet + 2 > DnsName.MaxWireLength))
            {
                throw Wrong($"a name is longer than {DnsName.MaxWireLength} bytes");
            }

            if (octet > wire.Length - from - 1)
            {
                throw Wrong("a name runs over the end");
            }

            wire.Slice(from, octet + 1).CopyTo(name[length..]);
            length += octet + 1;
            from += octet + 1;
            if (octet == 0)
            {
                at = resumeAt < 0 ? from : resumeAt;
                return DnsName.FromWire(name[..length]);
            }
        }
    }

    private readonly byte OctetAt(int offset) => offset < wire.Length ? wire[offset] : throw Wrong("it ends too early");

    private byte Octet() => Octets(1)[0];

    private ushort UInt16() => BinaryPrimitives.ReadUInt16BigEndian(Octets(2));

    private uint UInt32() => BinaryPrimitives.ReadUInt32BigEndian(Octets(4));

    private ReadOnlySpan<byte> Octets(int count)
    {
        if (count > wire.Length - at)
        {
            throw Wrong("it ends too early");
        }

        var octets = wire.Slice(at, count);
        at += count;
        return octets;
    }

    private readonly DnsFormatException Wrong(string what) => new($"not a DNS message: {what} (offset {at})");
}
