using FsCheck;
using FsCheck.Fluent;
using Kedge.Vault.Compression;
using Kedge.Vault.Tests.Interop;
using Xunit;

namespace Kedge.Vault.Tests.Compression;

public sealed class PagesOfKeys
{
    /// <summary>Pages of keys that somebody has written over, cut off and mixed with anything else.</summary>
    private static Gen<byte[]> AnyPages =>
        from start in Gen.Choose(0, 20_000)
        from length in Gen.Choose(1, 250_000)
        from seed in Gen.Choose(0, int.MaxValue)
        from spots in Gen.Choose(0, 200)
        from stretch in Gen.OneOf(Gen.Constant(1), Gen.Choose(1, 20_000))
        select Spoiled(KeySpecimen.Make().AsSpan(start, length).ToArray(), seed, spots, stretch);

    private static Gen<byte[]> AnyContent => Gen.OneOf(
        AnyPages,
        from length in Gen.Choose(1, 300_000) from seed in Gen.Choose(0, int.MaxValue) select EveryKind.Content(length, seed),
        from length in Gen.Choose(1, 300_000) from period in Gen.Choose(1, 300) select Enumerable.Range(0, length).Select(i => (byte)(i % period)).ToArray(),
        from length in Gen.Choose(1, 300) from value in Gen.Choose(0, 255) select Enumerable.Repeat((byte)value, length).ToArray());

    [Fact]
    public void A_frame_opens_to_what_it_was_made_of_whatever_that_was()
    {
        using var compressor = KeyCompressor.TryMake()!;
        FsCheck.Check.One(Config.QuickThrowOnFailure.WithMaxTest(1000), Prop.ForAll(AnyContent.ToArbitrary(), content =>
            Opened(content, frame => compressor.Compress(content, frame)).AsSpan().SequenceEqual(content)));
    }

    [Fact]
    public void Keys_of_one_length_take_less_room_than_a_lazy_search_finds()
    {
        using var compressor = KeyCompressor.TryMake()!;
        using var lazy = Compressor.AtLevel(1);
        lazy.Search = CompressionSearch.OfKeys(1);
        var pages = KeySpecimen.Make();
        var frame = new byte[Compressor.Bound(pages.Length)];
        Assert.True(KeyCompressor.Suits(pages));
        Assert.InRange(compressor.Compress(pages, frame), 1, lazy.Compress(pages, frame) * 9 / 10);
    }

    [Fact]
    public void What_only_looks_a_little_like_pages_does_not_suit()
    {
        Assert.False(KeyCompressor.Suits(Enumerable.Range(0, 60_000).SelectMany(i => BitConverter.GetBytes(i * 7919 % 1000)).ToArray()));
        Assert.False(KeyCompressor.Suits(new byte[1 << 18]));
        Assert.False(KeyCompressor.Suits(KeySpecimen.Make().AsSpan(0, 100)));
    }

    [Fact]
    public void A_frame_that_does_not_fit_is_none()
    {
        using var compressor = KeyCompressor.TryMake()!;
        Assert.Equal(0, compressor.Compress(KeySpecimen.Make(), new byte[100]));
    }

    private static byte[] Opened(byte[] content, Func<byte[], int> compress)
    {
        using var decompressor = new Decompressor();
        var frame = new byte[Compressor.Bound(content.Length) + 64];
        var length = compress(frame);
        var back = new byte[content.Length];
        Assert.True(length > 0 && decompressor.TryDecompress(frame.AsSpan(0, length), back));
        return back;
    }

    private static byte[] Spoiled(byte[] pages, int seed, int spots, int stretch)
    {
        var random = new Random(seed);
        for (var spot = 0; spot < spots; spot++)
        {
            var at = random.Next(pages.Length);
            random.NextBytes(pages.AsSpan(at, Math.Min(random.Next(stretch) + 1, pages.Length - at)));
        }

        return pages;
    }
}
