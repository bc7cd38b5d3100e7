using FsCheck;
using FsCheck.Fluent;
using Kedge.Vault.Format;
using Kedge.Vault.Indexing;
using Xunit;

namespace Kedge.Vault.Tests.Indexing;

/// <summary>Whatever packs come in whatever order: it answers as a dictionary would.</summary>
public sealed class TheIndex
{
    /// <summary>Packs with few different blobs, so that many stand in several, with gaps between them, in any order.</summary>
    private static Gen<List<(ObjectId Pack, BlobEntry[] Blobs)>> AnyPacks =>
        from packs in Gen.ListOf(AnyPack)
        select packs.ToList();

    private static Gen<(ObjectId Pack, BlobEntry[] Blobs)> AnyPack =>
        from pack in Gen.Choose(0, 30)
        from blobs in Gen.NonEmptyListOf(AnyBlob)
        from seed in Gen.Choose(0, 1000)
        select (IdOf("pack", pack), Laid(blobs, seed));

    private static Gen<(BlobName Name, uint Length, uint Plain, uint Gap)> AnyBlob =>
        from number in Gen.Choose(0, 40)
        from kind in Gen.Elements(BlobKind.Data, BlobKind.Tree)
        from length in Gen.Choose(32, 5000)
        from plain in Gen.OneOf(Gen.Constant(0), Gen.Choose(1, 100_000))
        from gap in Gen.Elements(0, 0, 0, 1, 100)
        select (new BlobName(kind, IdOf("blob", number)), (uint)length, (uint)plain, (uint)gap);

    [Fact]
    public void Answers_as_a_dictionary_does()
    {
        FsCheck.Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(AnyPacks.ToArbitrary(), packs =>
        {
            var index = new BlobIndex();
            var reference = new HashSet<BlobPlace>();
            var known = new HashSet<string>();
            foreach (var (pack, blobs) in packs)
            {
                var isNew = known.Add($"{pack}:{string.Join(',', blobs.OrderBy(b => b.Offset))}");
                Assert.Equal(isNew, index.AddPack(pack, blobs));
                reference.UnionWith(blobs.Select(b => new BlobPlace(pack, b)));
            }

            index.Seal();
            Compare(index, reference);
            return true;
        }));
    }

    [Fact]
    public void Positions_go_up_with_packs_and_offsets()
    {
        FsCheck.Check.One(Config.QuickThrowOnFailure.WithMaxTest(100), Prop.ForAll(AnyPacks.ToArbitrary(), packs =>
        {
            var index = Filled(packs);
            for (var position = 0; position < index.Positions; position++)
            {
                var number = index.PackNumberAt(position);
                var (first, end) = index.RangeOf(number);
                Assert.InRange(position, first, end - 1);
                Assert.Equal(index.PackIdOf(number), index.PlaceAt(position).Pack);
                if (index.IsBlob(position))
                {
                    var place = index.PlaceAt(position);
                    Assert.Contains(place, index.FindAll(place.Entry.Name));
                    Assert.InRange(place.Entry.Offset + place.Entry.Length, 0U, index.BlobBytesOf(number));
                }

                Assert.True(position == first || index.EntryAt(position).Offset > index.EntryAt(position - 1).Offset);
            }

            return true;
        }));
    }

    [Fact]
    public void What_is_marked_can_be_read_and_is_not_relied_on()
    {
        FsCheck.Check.One(Config.QuickThrowOnFailure.WithMaxTest(100), Prop.ForAll((from packs in AnyPacks from marked in Gen.Choose(0, 30) select (packs, marked)).ToArbitrary(), sample =>
        {
            var (index, pack) = (new BlobIndex(), IdOf("pack", sample.marked));
            sample.packs.ForEach(p => index.AddPack(p.Pack, p.Blobs));
            index.Mark(pack, GoTime.From(DateTimeOffset.UnixEpoch));
            index.Seal();
            foreach (var name in sample.packs.SelectMany(p => p.Blobs).Select(b => b.Name))
            {
                var elsewhere = sample.packs.Where(p => p.Pack != pack && p.Blobs.Any(b => b.Name == name)).Select(p => p.Pack).ToHashSet();
                var found = index.FindUnmarked(name);
                Assert.Equal(elsewhere.Count > 0, found >= 0);
                Assert.True(found < 0 || elsewhere.Contains(index.PackIdOf(found)));
                Assert.True(index.Contains(name));
            }

            return true;
        }));
    }

    [Fact]
    public void Blobs_that_overlap_are_refused()
    {
        var index = new BlobIndex();
        BlobEntry Blob(uint offset, uint length) => new(new(BlobKind.Data, IdOf("blob", (int)offset)), offset, length, 0);
        foreach (var blobs in new[] { [Blob(0, 100), Blob(99, 100)], [Blob(0, 100), Blob(0, 50)], [Blob(0, 0)], [Blob(uint.MaxValue, 100)], new[] { Blob(1U << 31, 100) } })
        {
            Assert.Equal(VaultFault.Damaged, Assert.Throws<VaultException>(() => index.AddPack(IdOf("pack", 1), blobs)).Fault);
        }

        index.Seal();
        Assert.Equal(0, index.Count);
        Assert.Empty(index.Packs());
    }

    [Fact]
    public void Grows_over_many_segments()
    {
        const int packs = 2000, each = 60;
        var index = new BlobIndex();
        for (var pack = 0; pack < packs; pack++)
        {
            index.AddPack(IdOf("pack", pack), [.. Enumerable.Range(0, each).Select(n => new BlobEntry(new((BlobKind)(n % 2), IdOf("blob", (pack * each) + n)), (uint)(n * 100), 100, 0))]);
        }

        index.Seal();
        Assert.Equal(packs * each, index.Count);
        for (var number = 0; number < packs * each; number += 7)
        {
            Assert.True(index.TryFind(new((BlobKind)(number % each % 2), IdOf("blob", number)), out var place));
            Assert.Equal((IdOf("pack", number / each), (uint)(number % each * 100), 100U), (place.Pack, place.Entry.Offset, place.Entry.Length));
            Assert.False(index.Contains(new((BlobKind)(1 - (number % each % 2)), IdOf("blob", number))));
        }

        Assert.InRange(index.MemoryBytes / (packs * each), 40, 64);
    }

    private static BlobIndex Filled(List<(ObjectId Pack, BlobEntry[] Blobs)> packs)
    {
        var index = new BlobIndex();
        packs.ForEach(p => index.AddPack(p.Pack, p.Blobs));
        index.Seal();
        return index;
    }

    private static void Compare(BlobIndex index, HashSet<BlobPlace> reference)
    {
        Assert.Equal(reference.Count, index.Count);
        Assert.Equal(reference, index.Packs().SelectMany(p => p.Blobs.Select(b => new BlobPlace(p.Pack, b))).ToHashSet());
        for (var number = 0; number <= 41; number++)
        {
            foreach (var kind in new[] { BlobKind.Data, BlobKind.Tree })
            {
                var name = new BlobName(kind, IdOf("blob", number));
                var expected = reference.Where(p => p.Entry.Name == name).ToHashSet();
                Assert.Equal(expected, index.FindAll(name).ToHashSet());
                Assert.Equal(expected.Count > 0, index.TryFind(name, out var place));
                Assert.True(expected.Count == 0 || expected.Contains(place));
                Assert.Equal(expected.Count == 0 ? -1 : place.Entry.ContentLength, index.ContentLength(name));
            }
        }

        Assert.False(index.Contains(new(BlobKind.Data, default)));
    }

    private static BlobEntry[] Laid(IEnumerable<(BlobName Name, uint Length, uint Plain, uint Gap)> blobs, int seed)
    {
        var (laid, at) = (new List<BlobEntry>(), 0U);
        foreach (var (name, length, plain, gap) in blobs)
        {
            laid.Add(new(name, at + gap, length, plain));
            at += gap + length;
        }

        return [.. laid.OrderBy(_ => seed = unchecked((seed * 1103515245) + 12345))];
    }

    private static ObjectId IdOf(string what, int number) => ObjectId.Of(System.Text.Encoding.ASCII.GetBytes($"{what} {number}"));
}
