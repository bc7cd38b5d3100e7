using System.Buffers.Binary;
using FsCheck;
using FsCheck.Fluent;
using Kedge.Vault.Format;
using Xunit;

namespace Kedge.Vault.Tests.Format;

public sealed class HeadersOfPacks
{
    private const int Overhead = 32;

    public static TheoryData<string> Writers => [.. Samples.Writers];

    [Theory]
    [MemberData(nameof(Writers))]
    public void Of_restic_are_read_and_written_back(string writer)
    {
        var headers = Samples.Headers(writer).ToList();
        Assert.Equal(2, headers.Count);
        foreach (var (header, length) in headers)
        {
            var entries = new List<BlobEntry>();
            PackHeader.Decode(header, length, entries);
            Assert.Equal(!writer.EndsWith("-v1", StringComparison.Ordinal), entries[0].IsCompressed);
            Assert.Equal(header, Encoded(entries));
            var trailer = new byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(trailer, header.Length + Overhead);
            Assert.Equal(header.Length + Overhead, PackHeader.SealedSizeFrom(trailer, length));
        }
    }

    [Fact]
    public void Come_back_as_they_were()
    {
        FsCheck.Check.One(Config.QuickThrowOnFailure, Prop.ForAll(AnyEntries.Packed.ToArbitrary(), entries =>
        {
            var back = new List<BlobEntry>();
            PackHeader.Decode(Encoded(entries), PackLength(entries), back);
            return back.SequenceEqual(entries);
        }));
    }

    /// <summary>Whoever lists less or more than the pack holds hides something, or will make somebody read past its end.</summary>
    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    [InlineData(1L << 32)]
    public void That_do_not_fill_the_pack_are_refused(long difference)
    {
        var (header, length) = Samples.Headers("restic-0.18").First();
        var entries = new List<BlobEntry> { default };
        Assert.Equal(VaultFault.Damaged, Assert.Throws<VaultException>(() => PackHeader.Decode(header, length + difference, entries)).Fault);
        Assert.Single(entries);
    }

    [Theory]
    [InlineData("04", 100u, 0u, "kind 4")]
    [InlineData("00", 31u, 0u, "31 bytes")]
    [InlineData("02", 100u, 0u, "0 before compression")]
    public void With_a_blob_that_cannot_be_are_refused(string type, uint length, uint plainLength, string why)
    {
        var entry = new byte[type is "00" ? PackHeader.PlainEntrySize : PackHeader.EntrySize];
        entry[0] = Convert.FromHexString(type)[0];
        BinaryPrimitives.WriteUInt32LittleEndian(entry.AsSpan(1), length);
        if (entry.Length == PackHeader.EntrySize)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(entry.AsSpan(5), plainLength);
        }

        Assert.Contains(why, Assert.Throws<VaultException>(() => PackHeader.Decode(entry, 1000, [])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void With_offsets_that_overflow_are_refused()
    {
        var entry = new byte[PackHeader.PlainEntrySize * 2];
        BinaryPrimitives.WriteUInt32LittleEndian(entry.AsSpan(1), uint.MaxValue);
        BinaryPrimitives.WriteUInt32LittleEndian(entry.AsSpan(PackHeader.PlainEntrySize + 1), 1000);
        Assert.Throws<VaultException>(() => PackHeader.Decode(entry, uint.MaxValue + 1000L + entry.Length + 36, []));
    }

    [Theory]
    [InlineData(0u, 1000)]
    [InlineData(68u, 1000)]
    [InlineData(996u, 1000)]
    [InlineData(uint.MaxValue, 1000)]
    [InlineData(PackHeader.MaximumSealedSize + 1, 1L << 30)]
    [InlineData(69u, 104)]
    public void With_a_length_that_cannot_be_are_refused(uint stated, long packLength)
    {
        var trailer = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(trailer, stated);
        Assert.Equal(VaultFault.Damaged, Assert.Throws<VaultException>(() => PackHeader.SealedSizeFrom(trailer, packLength)).Fault);
    }

    [Fact]
    public void That_are_cut_off_anywhere_are_refused()
    {
        var (header, length) = Samples.Headers("restic-0.18").First();
        for (var cut = 0; cut < header.Length; cut++)
        {
            Assert.Throws<VaultException>(() => PackHeader.Decode(header.AsSpan(0, cut), length, []));
        }
    }

    private static byte[] Encoded(List<BlobEntry> entries)
    {
        var all = entries.ToArray();
        var header = new byte[PackHeader.SizeOf(all)];
        PackHeader.Encode(all, header);
        return header;
    }

    private static long PackLength(List<BlobEntry> entries) =>
        entries.Sum(entry => entry.Length + (long)(entry.IsCompressed ? PackHeader.EntrySize : PackHeader.PlainEntrySize)) + Overhead + PackHeader.TrailerSize;
}
