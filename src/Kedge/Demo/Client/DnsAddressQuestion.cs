using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Kedge.Demo.Client;

/// <summary>The one question that the client asks: the IPv4 address of a name (RFC 1035 section 4, type A, class IN).</summary>
internal static class DnsAddressQuestion
{
    private const int HeaderLength = 12;
    private const ushort TypeA = 1;
    private const ushort ClassInternet = 1;

    public static byte[] Encode(ushort id, string name)
    {
        var message = new byte[HeaderLength + Encoding.ASCII.GetByteCount(name) + 2 + 4];
        BinaryPrimitives.WriteUInt16BigEndian(message, id);
        message[5] = 1;
        var at = HeaderLength;
        foreach (var label in name.Split('.'))
        {
            message[at++] = (byte)label.Length;
            at += Encoding.ASCII.GetBytes(label, message.AsSpan(at));
        }

        at++;
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(at), TypeA);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(at + 2), ClassInternet);
        return message;
    }

    /// <summary>
    /// The first address in an answer to <paramref name="question"/> and its time to live; null where the message is no
    /// answer to it or holds no address.
    /// </summary>
    public static ResolvedAddress? Decode(ReadOnlySpan<byte> message, ReadOnlySpan<byte> question)
    {
        var isAnswer = message.Length >= question.Length
            && message[..2].SequenceEqual(question[..2])
            && (message[2] & 0x80) != 0
            && (message[3] & 0x0F) == 0
            && message[HeaderLength..question.Length].SequenceEqual(question[HeaderLength..]);
        if (!isAnswer)
        {
            return null;
        }

        var answers = BinaryPrimitives.ReadUInt16BigEndian(message[6..]);
        var at = question.Length;
        for (var i = 0; i < answers; i++)
        {
            at = SkipName(message, at);
            if (at + 10 > message.Length)
            {
                return null;
            }

            var type = BinaryPrimitives.ReadUInt16BigEndian(message[at..]);
            var seconds = BinaryPrimitives.ReadUInt32BigEndian(message[(at + 4)..]);
            var length = BinaryPrimitives.ReadUInt16BigEndian(message[(at + 8)..]);
            at += 10;
            if (type == TypeA && length == 4 && at + 4 <= message.Length)
            {
                return new(new IPAddress(message.Slice(at, 4)), TimeSpan.FromSeconds(seconds));
            }

            at += length;
        }

        return null;
    }

    private static int SkipName(ReadOnlySpan<byte> message, int at)
    {
        while (at < message.Length && message[at] != 0)
        {
            if ((message[at] & 0xC0) == 0xC0)
            {
                return at + 2;
            }

            at += message[at] + 1;
        }

        return at + 1;
    }
}

/// <summary>An address and for how long it may be used.</summary>
internal sealed record ResolvedAddress(IPAddress Address, TimeSpan TimeToLive);
