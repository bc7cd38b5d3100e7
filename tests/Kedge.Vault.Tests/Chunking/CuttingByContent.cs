using FsCheck;
using FsCheck.Fluent;
using Kedge.Vault.Chunking;
using Kedge.Vault.Crypto;
using Kedge.Vault.Format;
using Kedge.Vault.Tests.Interop;
using Xunit;

namespace Kedge.Vault.Tests.Chunking;

public sealed class CuttingByContent
{
    /// <summary>Small ones, so that a little content has many cuts.</summary>
    private static readonly CutSizes Small = new(256, 1024, 4096);

    private static Gen<CutSizes> AnySizes =>
        from minimum in Gen.Choose(64, 3000)
        from normal in Gen.Choose(minimum + 1, minimum + 6000)
        from maximum in Gen.Choose(normal + 1, normal + 20_000)
        select new CutSizes(minimum, normal, maximum);

    /// <summary>Random, repetitive, all the same: whatever files hold.</summary>
    private static Gen<byte[]> AnyContent => Gen.OneOf(
        from length in Gen.Choose(0, 60_000) from seed in Gen.Choose(0, int.MaxValue) select EveryKind.Content(length, seed),
        from length in Gen.Choose(0, 60_000) from value in Gen.Choose(0, 255) select Enumerable.Repeat((byte)value, length).ToArray(),
        from length in Gen.Choose(0, 60_000) from period in Gen.Choose(1, 300) select Enumerable.Range(0, length).Select(i => (byte)(i % period)).ToArray(),
        from parts in Gen.ListOf(from b in Gen.ArrayOf(Gen.Choose(0, 255)) select b.Select(v => (byte)v)) select parts.SelectMany(p => p).ToArray());

    [Fact]
    public void Any_content_in_any_sizes_is_its_pieces_one_after_the_other()
    {
        FsCheck.Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll((from sizes in AnySizes from content in AnyContent from seed in Gen.Choose(1, 255) select (sizes, content, seed)).ToArbitrary(), sample =>
        {
            var pieces = Pieces(new(Key(sample.seed), sample.sizes), sample.content);
            return pieces.Select(p => p.Length).Sum() == sample.content.Length
                && pieces.SelectMany(p => p).SequenceEqual(sample.content)
                && pieces.All(p => p.Length > 0 && p.Length <= sample.sizes.Maximum)
                && pieces.SkipLast(1).All(p => p.Length >= sample.sizes.Minimum);
        }));
    }

    [Fact]
    public void A_cut_does_not_depend_on_how_much_is_seen_of_what_follows()
    {
        FsCheck.Check.One(Config.QuickThrowOnFailure.WithMaxTest(200), Prop.ForAll((from sizes in AnySizes from content in AnyContent from more in Gen.Choose(0, 30_000) select (sizes, content, more)).ToArbitrary(), sample =>
        {
            var cutter = new ContentCutter(Key(1), sample.sizes);
            var enough = Math.Min(sample.content.Length, sample.sizes.Maximum);
            return cutter.Cut(sample.content.AsSpan(0, enough)) == cutter.Cut(sample.content.AsSpan(0, Math.Min(enough + sample.more, sample.content.Length)));
        }));
    }

    [Fact]
    public void An_edit_changes_the_pieces_around_it()
    {
        var edits = from seed in Gen.Choose(0, int.MaxValue)
                    from at in Gen.Choose(0, 400_000)
                    from removed in Gen.Choose(0, 2000)
                    from inserted in Gen.Choose(0, 2000)
                    select (seed, at, removed, inserted);
        var cutter = new ContentCutter(Key(1), Small);
        var changes = new List<int>();
        FsCheck.Check.One(Config.QuickThrowOnFailure.WithMaxTest(300).WithReplay(17, 19), Prop.ForAll(edits.ToArbitrary(), edit =>
        {
            var content = EveryKind.Content(400_000, edit.seed);
            byte[] edited = [.. content[..edit.at], .. EveryKind.Content(edit.inserted, edit.seed + 1), .. content[Math.Min(edit.at + edit.removed, content.Length)..]];
            var known = Pieces(cutter, content).Select(p => ObjectId.Of(p)).ToHashSet();
            // What the edit covers, and until both are in step again: mostly a few pieces, and more than a dozen once in a thousand.
            changes.Add(Pieces(cutter, edited).Count(p => !known.Contains(ObjectId.Of(p))));
            return changes[^1] <= 30;
        }));
        Assert.InRange(changes.Order().ElementAt(changes.Count / 2), 1, 6);
    }

    [Fact]
    public void Pieces_are_about_as_long_as_they_should_be()
    {
        var pieces = Pieces(new(Key(1), CutSizes.Ordinary), EveryKind.Content(100_000_000, 1));
        Assert.InRange(100_000_000 / pieces.Count, CutSizes.Ordinary.Normal * 3 / 4, CutSizes.Ordinary.Normal * 5 / 4);
        Assert.InRange(pieces.Count(p => p.Length == CutSizes.Ordinary.Maximum), 0, pieces.Count / 50);
    }

    [Fact]
    public void Other_keys_cut_elsewhere_and_the_same_key_in_the_same_places()
    {
        var content = EveryKind.Content(1_000_000, 1);
        var cuts = new[] { 1, 1, 2, 3 }.Select(seed => Cuts(new(Key(seed), Small), content)).ToList();
        Assert.Equal(cuts[0], cuts[1]);
        foreach (var (one, other) in new[] { (0, 2), (0, 3), (2, 3) })
        {
            // By chance a few fall together.
            Assert.InRange(cuts[one].Intersect(cuts[other]).Count(), 0, 20);
        }
    }

    /// <summary>Whoever moves the cuts has every vault store everything once more.</summary>
    [Fact]
    public void Cuts_stay_where_they_always_were()
    {
        var cuts = string.Join(' ', Cuts(new(Key(1), CutSizes.Ordinary), EveryKind.Content(4_000_000, 1)).SkipLast(1));
        Assert.True(cuts == "156952 404540 772478 1384007 1967587 2367619 2939211 3526407", cuts);
    }

    private static MasterKey Key(int seed) => MasterKey.Split([.. Enumerable.Repeat((byte)seed, 64)]);

    private static List<byte[]> Pieces(ContentCutter cutter, byte[] content)
    {
        var pieces = new List<byte[]>();
        for (var left = content.AsSpan(); !left.IsEmpty;)
        {
            var length = cutter.Cut(left);
            pieces.Add(left[..length].ToArray());
            left = left[length..];
        }

        return pieces;
    }

    private static List<int> Cuts(ContentCutter cutter, byte[] content)
    {
        var cuts = new List<int>();
        for (var at = 0; at < content.Length;)
        {
            at += cutter.Cut(content.AsSpan(at));
            cuts.Add(at);
        }

        return cuts;
    }
}
