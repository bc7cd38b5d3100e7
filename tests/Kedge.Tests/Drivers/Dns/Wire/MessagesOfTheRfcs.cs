using System.Net;
using Kedge.Drivers.Dns.Wire;
using Xunit;

namespace Kedge.Tests.Drivers.Dns.Wire;

/// <summary>Bytes that RFC 1035 and RFC 2136 prescribe.</summary>
public class MessagesOfTheRfcs
{
    [Fact]
    public void Compressed_names_read_as_in_RFC_1035_section_4_1_4()
    {
        // The RFC's example: F.ISI.ARPA, FOO.F.ISI.ARPA, ARPA and the root, with its pointers but at offsets of this message.
        var wire = Bytes("0001 0000 0004 0000 0000 0000",
            "01 46 03 495349 04 41525041 00", "0001 0001", // at 12: F.ISI.ARPA
            "03 464f4f c00c", "0001 0001",                 // FOO, then a pointer to F.ISI.ARPA
            "c012", "0001 0001",                           // a pointer to ARPA
            "00", "0001 0001");                            // the root
        var message = MessageReader.Read(wire);
        Assert.Equal(["F.ISI.ARPA", "FOO.F.ISI.ARPA", "ARPA", "."], message.Questions.Select(q => q.Name.ToString()));
    }

    [Theory]
    [InlineData("c00c")] // at itself
    [InlineData("c00e")] // forward
    [InlineData("01 61 c00c")] // back to its own start
    [InlineData("c0ff")] // behind the end
    public void A_pointer_that_does_not_lead_back_is_refused(string name)
    {
        var wire = Bytes("0001 0000 0001 0000 0000 0000", name, "0001 0001 0000");
        Assert.Throws<DnsFormatException>(() => MessageReader.Read(wire));
    }

    [Fact]
    public void A_chain_of_pointers_is_followed_in_bounded_work()
    {
        // Each question points at the one before it, 10,000 deep; the names stay short, so each is valid.
        var wire = new List<byte>(Bytes("0001 0000 2710 0000 0000 0000", "01 61 00", "0001 0001"));
        for (var previous = 12; wire.Count < 12 + 7 + (9_999 * 6); previous = wire.Count - 6)
        {
            wire.AddRange([(byte)(0xc0 | (previous >> 8)), (byte)previous, 0, 1, 0, 1]);
            if (wire.Count > 0x3f00)
            {
                break;
            }
        }

        var count = (wire.Count - 12 - 7) / 6 + 1;
        (wire[4], wire[5]) = ((byte)(count >> 8), (byte)count);
        var message = MessageReader.Read(wire.ToArray());
        Assert.All(message.Questions, q => Assert.Equal("a", q.Name.ToString()));
        Assert.Equal(count, message.Questions.Count);
    }

    [Fact]
    public void A_name_that_grows_too_long_through_pointers_is_refused()
    {
        // 63 letters, then pointers that put the same label before it again and again.
        var label = "3f" + string.Concat(Enumerable.Repeat("61", 63));
        var wire = Bytes("0001 0000 0005 0000 0000 0000",
            label, "00 0001 0001", label, "c00c 0001 0001", label, "c051 0001 0001", label, "c097 0001 0001", label, "c0dd 0001 0001");
        var error = Assert.Throws<DnsFormatException>(() => MessageReader.Read(wire));
        Assert.Contains("longer than 255", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0001 8400 0000 ffff 0000 0000", "ends too early")]
    [InlineData("0001 8400 0000 0001 0000 0000 00 0001 0001 00000001 0003 0a0000", "ends too early")]
    [InlineData("0001 8400 0000 0001 0000 0000 00 0001 0001 00000001 0005 0a00000100", "does not fill its length")]
    [InlineData("0001 8400 0000 0001 0000 0000 00 0001 0001 00000001 ffff 0a000001", "claims 65535 bytes")]
    [InlineData("0001 8400 0000 0000 0000 0000 00", "1 bytes follow")]
    [InlineData("0001 84", "ends too early")]
    [InlineData("0001 0000 0001 0000 0000 0000 41 0001 0001", "not in use")]
    [InlineData("0001 8400 0000 0001 0000 0000 00 00fa 00ff 00000000 0000", "elsewhere than at the end")]
    public void A_message_that_contradicts_itself_is_refused(string wire, string reason)
    {
        var error = Assert.Throws<DnsFormatException>(() => MessageReader.Read(Bytes(wire)));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_update_is_laid_out_as_in_RFC_2136()
    {
        var zone = DnsName.Parse("shop.example");
        var name = DnsName.Parse("orders.shop.example");
        var update = new ZoneUpdate(zone)
            .RequireExactly(name, RecordType.A, [IPAddress.Parse("192.0.2.11"), IPAddress.Parse("192.0.2.12")])
            .Replace(name, 30, IPAddress.Parse("192.0.2.13"))
            .Build(0x1234);

        const string Zone = "04 73686f70 07 6578616d706c65 00";
        const string Name = "06 6f7264657273" + Zone;
        Assert.Equal(
            Convert.ToHexStringLower(Bytes(
                "1234 2800 0001 0002 0002 0000", // opcode 5; one zone, two prerequisites, two updates
                Zone, "0006 0001", // section 2.3: SOA, the zone's class
                Name, "0001 0001 00000000 0004 c000020b", // section 2.4.2: value dependent, TTL zero
                Name, "0001 0001 00000000 0004 c000020c",
                Name, "0001 00ff 00000000 0000", // section 2.5.2: delete the set
                Name, "0001 0001 0000001e 0004 c000020d")), // section 2.5.1: add
            Convert.ToHexStringLower(MessageWriter.Write(update)));
    }

    [Fact]
    public void Other_prerequisites_are_laid_out_as_in_RFC_2136()
    {
        var zone = DnsName.Parse("shop.example");
        var update = new ZoneUpdate(zone)
            .RequireExactly(zone, RecordType.AAAA, [])
            .RequireExists(zone, RecordType.SOA)
            .Build(1);

        const string Zone = "04 73686f70 07 6578616d706c65 00";
        Assert.Equal(
            Convert.ToHexStringLower(Bytes(
                "0001 2800 0001 0002 0000 0000",
                Zone, "0006 0001",
                Zone, "001c 00fe 00000000 0000", // section 2.4.3: class NONE, the set does not exist
                Zone, "0006 00ff 00000000 0000")), // section 2.4.1: class ANY, it exists
            Convert.ToHexStringLower(MessageWriter.Write(update)));
    }

    internal static byte[] Bytes(params string[] hex) =>
        Convert.FromHexString(string.Concat(hex).Replace(" ", "", StringComparison.Ordinal));
}
