using System.Buffers;
using System.Buffers.Binary;

namespace Kedge.Drivers.Dns.Wire;

/// <summary>Writes messages, without compressing names: what Kedge sends is short, and a signature must not be compressed anyway.</summary>
internal sealed class MessageWriter
{
    private readonly ArrayBufferWriter<byte> wire = new(512);

    /// <summary>Throws <see cref="InvalidOperationException"/> for a message that does not fit into 65535 bytes.</summary>
    public static byte[] Write(DnsMessage message)
    {
        var writer = new MessageWriter();
        writer.Message(message);
        return writer.wire.WrittenCount <= ushort.MaxValue
            ? writer.wire.WrittenSpan.ToArray()
            : throw new InvalidOperationException("a DNS message may not be longer than 65535 bytes");
    }

    /// <summary>One record as it stands in a message.</summary>
    public static byte[] Write(ResourceRecord record)
    {
        var writer = new MessageWriter();
        writer.Record(record);
        return writer.wire.WrittenSpan.ToArray();
    }

    private void Message(DnsMessage message)
    {
        UInt16(message.Id);
        Octet((byte)(
            (message.IsResponse ? 0x80 : 0) | ((int)message.Opcode << 3) | (message.Authoritative ? 0x04 : 0)
            | (message.Truncated ? 0x02 : 0) | (message.RecursionDesired ? 0x01 : 0)));
        Octet((byte)((message.RecursionAvailable ? 0x80 : 0) | (message.OtherFlags & 0x70) | (int)message.Rcode));
        UInt16(checked((ushort)message.Questions.Count));
        UInt16(checked((ushort)message.Answers.Count));
        UInt16(checked((ushort)message.Authority.Count));
        UInt16(checked((ushort)message.Additional.Count));
        foreach (var question in message.Questions)
        {
            wire.Write(question.Name.Wire);
            UInt16((ushort)question.Type);
            UInt16((ushort)question.Class);
        }

        foreach (var record in message.Answers.Concat(message.Authority).Concat(message.Additional))
        {
            Record(record);
        }
    }

    private void Record(ResourceRecord record)
    {
        var data = new MessageWriter();
        data.Data(record.Data);
        wire.Write(record.Name.Wire);
        UInt16((ushort)record.Type);
        UInt16((ushort)record.Class);
        UInt32(record.Ttl);
        UInt16(checked((ushort)data.wire.WrittenCount));
        wire.Write(data.wire.WrittenSpan);
    }

    private void Data(RecordData data)
    {
        switch (data)
        {
            case AddressData address:
                wire.Write(address.Address.GetAddressBytes());
                break;
            case HostData host:
                wire.Write(host.Host.Wire);
                break;
            case SoaData soa:
                wire.Write(soa.Primary.Wire);
                wire.Write(soa.Mailbox.Wire);
                UInt32(soa.Serial);
                UInt32(soa.Refresh);
                UInt32(soa.Retry);
                UInt32(soa.Expire);
                UInt32(soa.Minimum);
                break;
            case TextData text:
                foreach (var part in text.Strings)
                {
                    Octet(checked((byte)part.Length));
                    wire.Write(part.Span);
                }

                break;
            case TsigData tsig:
                Tsig(tsig);
                break;
            case OpaqueData opaque:
                wire.Write(opaque.Bytes.Span);
                break;
            default:
                throw new InvalidOperationException($"no wire form for {data.GetType().Name}");
        }
    }

    private void Tsig(TsigData tsig)
    {
        wire.Write(tsig.Algorithm.Wire);
        UInt16((ushort)(tsig.TimeSigned >> 32));
        UInt32((uint)tsig.TimeSigned);
        UInt16(tsig.Fudge);
        UInt16(checked((ushort)tsig.Mac.Length));
        wire.Write(tsig.Mac.Span);
        UInt16(tsig.OriginalId);
        UInt16((ushort)tsig.Error);
        UInt16(checked((ushort)tsig.Other.Length));
        wire.Write(tsig.Other.Span);
    }

    private void Octet(byte value)
    {
        wire.GetSpan(1)[0] = value;
        wire.Advance(1);
    }

    private void UInt16(ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(wire.GetSpan(2), value);
        wire.Advance(2);
    }

    private void UInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(wire.GetSpan(4), value);
        wire.Advance(4);
    }
}
