using System.Net;
using FsCheck;
using FsCheck.Fluent;
using Kedge.Drivers.Dns.Wire;
using Xunit;

namespace Kedge.Tests.Drivers.Dns.Wire;

/// <summary>What holds for all messages, and for all bytes.</summary>
public class AnyMessage
{
    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(300);

    [Fact]
    public void Comes_back_from_the_wire_as_it_was()
    {
        Check.One(Thorough, Prop.ForAll(Messages().ToArbitrary(), message =>
        {
            var wire = MessageWriter.Write(message);
            var read = MessageReader.Read(wire);
            return read.Id == message.Id && read.IsResponse == message.IsResponse && read.Opcode == message.Opcode
                && read.Authoritative == message.Authoritative && read.Truncated == message.Truncated && read.Rcode == message.Rcode
                && read.Questions.SequenceEqual(message.Questions) && read.Answers.SequenceEqual(message.Answers)
                && read.Authority.SequenceEqual(message.Authority) && read.Additional.SequenceEqual(message.Additional)
                && MessageWriter.Write(read).AsSpan().SequenceEqual(wire);
        }));
    }

    [Fact]
    public void Verifies_once_signed_and_no_more_once_changed()
    {
        var key = new TsigKey(DnsName.Parse("kedge"), TsigAlgorithm.Named("hmac-sha256"), [1, 2, 3]);
        var gen = from message in Messages() from at in Gen.Choose(0, 65_535) from bit in Gen.Choose(0, 7) select (message, at, bit);
        Check.One(Thorough, Prop.ForAll(gen.ToArbitrary(), sample =>
        {
            var signed = Tsig.Sign(sample.message with { Additional = [] }, key, 1_000_000, [9, 9], TsigError.None, Octets.Empty);
            var changed = (byte[])signed.Wire.Clone();
            var at = 2 + (sample.at % (changed.Length - 2));
            changed[at] ^= (byte)(1 << sample.bit);
            return Tsig.Verify(signed.Wire, key, [9, 9], 1_000_000).Kind is TsigVerdictKind.Good
                && Tsig.Verify(signed.Wire, key, [9, 8], 1_000_000).Kind is TsigVerdictKind.Forged
                && (CaseOnly(signed.Wire[at], changed[at]) || !IsGood(changed, key));
        }));
    }

    [Fact]
    public void Ends_in_a_message_or_a_refusal_whatever_the_bytes()
    {
        // Real answers, cut and changed, reach deeper than noise alone; the seed repeats a failure.
        const int Seed = 20_260;
        var random = new Random(Seed);
        var seeds = Gen.Sample(Messages(), 200, 20).Select(MessageWriter.Write).ToArray();
        var read = 0;
        for (var round = 0; round < 20_000; round++)
        {
            var wire = round % 4 == 0 ? new byte[random.Next(80)] : (byte[])seeds[random.Next(seeds.Length)].Clone();
            if (round % 4 == 0)
            {
                random.NextBytes(wire);
            }

            for (var changes = random.Next(6); changes > 0 && wire.Length > 0; changes--)
            {
                // Pointers and lengths are what readers fall over.
                wire[random.Next(wire.Length)] = random.Next(3) switch { 0 => 0xc0, 1 => 0xff, _ => (byte)random.Next(256) };
            }

            read += TryRead(wire.AsSpan(0, random.Next(5) == 0 ? random.Next(wire.Length + 1) : wire.Length)) ? 1 : 0;
        }

        // Both ends must have been reached, or this shows nothing.
        Assert.InRange(read, 1_000, 19_000);
    }

    private static bool TryRead(ReadOnlySpan<byte> wire)
    {
        try
        {
            var message = MessageReader.Read(wire);
            _ = message.Questions.Select(q => q.Name.ToString()).ToList();
            MessageWriter.Write(message);
            return true;
        }
        catch (DnsFormatException)
        {
            return false;
        }
    }

    private static bool IsGood(byte[] wire, TsigKey key)
    {
        try
        {
            return Tsig.Verify(wire, key, [9, 9], 1_000_000).Kind is TsigVerdictKind.Good;
        }
        catch (DnsFormatException)
        {
            return false;
        }
    }

    // The names of key and algorithm are signed in lower case, so that their case may change on the way.
    private static bool CaseOnly(byte left, byte right) => (left ^ right) == 0x20 && char.IsAsciiLetter((char)left);

    private static Gen<DnsMessage> Messages() =>
        from id in Gen.Choose(0, 65_535)
        from flags in Gen.Choose(0, 31)
        from opcode in Gen.Choose(0, 5)
        from rcode in Gen.Choose(0, 10)
        from questions in Questions().ListOf()
        from answers in Records().ListOf()
        from authority in Records().ListOf()
        from additional in Records().ListOf()
        select new DnsMessage
        {
            Id = (ushort)id,
            IsResponse = (flags & 1) != 0,
            Authoritative = (flags & 2) != 0,
            Truncated = (flags & 4) != 0,
            RecursionDesired = (flags & 8) != 0,
            RecursionAvailable = (flags & 16) != 0,
            Opcode = (Opcode)opcode,
            Rcode = (Rcode)rcode,
            Questions = questions,
            Answers = answers,
            Authority = authority,
            Additional = additional,
        };

    private static Gen<Question> Questions() =>
        from name in Names()
        from type in Gen.Elements(RecordType.A, RecordType.AAAA, RecordType.SOA, RecordType.NS, RecordType.ANY)
        select new Question(name, type, RecordClass.IN);

    private static Gen<ResourceRecord> Records() =>
        from name in Names()
        from ttl in Gen.Choose(0, int.MaxValue)
        from content in Gen.OneOf(
            Bytes(4, 4).Select(b => (RecordType.A, (RecordData)new AddressData(new IPAddress(b)))),
            Bytes(16, 16).Select(b => (RecordType.AAAA, (RecordData)new AddressData(new IPAddress(b)))),
            Names().Select(n => (RecordType.NS, (RecordData)new HostData(n))),
            Names().Select(n => (RecordType.CNAME, (RecordData)new HostData(n))),
            Names().Select(n => (RecordType.SOA, (RecordData)new SoaData(n, n, 1, 2, 3, 4, uint.MaxValue))),
            Bytes(0, 255).NonEmptyListOf().Select(t => (RecordType.TXT, (RecordData)new TextData([.. t.Select(b => new Octets(b))]))),
            Bytes(0, 40).Select(b => ((RecordType)99, (RecordData)new OpaqueData(new(b)))),
            Gen.Constant((RecordType.A, (RecordData)OpaqueData.None)))
        select new ResourceRecord(name, content.Item1, RecordClass.IN, (uint)ttl, content.Item2);

    private static Gen<DnsName> Names() =>
        from count in Gen.Choose(0, 6)
        from labels in Bytes(1, 20).ArrayOf(count)
        select DnsName.FromWire([.. labels.SelectMany(l => l.Prepend((byte)l.Length)), 0]);

    private static Gen<byte[]> Bytes(int least, int most) =>
        from length in Gen.Choose(least, most)
        from bytes in Gen.Choose(0, 255).Select(i => (byte)i).ArrayOf(length)
        select bytes;
}
