using System.Text;
using Kedge.Vault.Compression;
using Kedge.Vault.Format;
using Xunit;

namespace Kedge.Vault.Tests.Format;

/// <summary>What of an index, a snapshot or a lock is sealed.</summary>
public sealed class SealedContents
{
    public static TheoryData<string, string> Stored => new(
        from writer in Samples.Writers from name in new[] { "lock", "snapshot", "index" } select (writer, name));

    [Theory]
    [MemberData(nameof(Stored))]
    public void Of_restic_are_opened(string writer, string name)
    {
        using var content = new UnpackedContent(writer.EndsWith("-v1", StringComparison.Ordinal) ? 1 : 2);
        var json = Samples.Read(writer, name + ".json");
        Assert.Equal(json, content.Decode(Samples.Read(writer, name + ".stored.hex"), json.Length).ToArray());
        Assert.Equal(json, content.Decode(content.Encode(json).ToArray(), json.Length).ToArray());
    }

    /// <summary>restic leaves the length out below 256 bytes, so a lock has to be tried.</summary>
    [Fact]
    public void Of_restic_need_not_state_their_length() =>
        Assert.False(Decompressor.TryGetContentLength(Samples.Read("restic-0.18", "lock.stored.hex").AsSpan(1), out _));

    [Fact]
    public void Are_compressed_from_version_2_on()
    {
        var json = Encoding.ASCII.GetBytes("{\"packs\":[" + new string(' ', 10_000) + "]}");
        using var first = new UnpackedContent(1);
        using var second = new UnpackedContent(2);
        Assert.Equal(json, first.Encode(json).ToArray());
        Assert.InRange(second.Encode(json).Length, 10, 100);
        Assert.Equal(json, second.Decode(second.Encode(json).ToArray(), 20_000).ToArray());
        Assert.Equal(json, second.Decode(json, 20_000).ToArray());
    }

    /// <summary>A frame without its length, of 40,000 bytes in blocks that repeat one byte.</summary>
    [Fact]
    public void Without_a_stated_length_are_decompressed_up_to_the_limit_and_no_further()
    {
        byte[] frame = [2, 0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58, .. Enumerable.Repeat<byte[]>([0x82, 0x38, 0x01, (byte)'a'], 3).SelectMany(b => b), 0x83, 0x38, 0x01, (byte)'a'];
        using var content = new UnpackedContent(2);
        Assert.Equal(new string('a', 40_000), Encoding.ASCII.GetString(content.Decode(frame, 40_000).Span));
        var refusal = Assert.Throws<VaultException>(() => content.Decode(frame, 39_999));
        Assert.Equal((VaultFault.Damaged, "an object of more than 39999 bytes"), (refusal.Fault, refusal.Message));
    }

    [Fact]
    public void That_claim_to_be_gigantic_cost_nothing()
    {
        // Stated: 1 GiB, in a frame of one empty block; its claim is not even possible.
        byte[] frame = [2, 0x28, 0xb5, 0x2f, 0xfd, 0x80, 0x58, 0, 0, 0, 0x40, 0x01, 0, 0];
        using var content = new UnpackedContent(2);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(VaultFault.Damaged, Assert.Throws<VaultException>(() => content.Decode(frame, int.MaxValue)).Fault);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Theory]
    [InlineData(2, "")]
    [InlineData(1, "")]
    [InlineData(2, "01")]
    [InlineData(2, "02")]
    [InlineData(2, "0228b52ffd")]
    [InlineData(2, "03282828")]
    public void That_are_none_are_refused(int version, string hex)
    {
        using var content = new UnpackedContent(version);
        Assert.Equal(VaultFault.Damaged, Assert.Throws<VaultException>(() => content.Decode(Convert.FromHexString(hex), 1 << 20)).Fault);
    }
}
