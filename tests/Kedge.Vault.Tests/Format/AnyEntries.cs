using FsCheck;
using FsCheck.Fluent;
using Kedge.Vault.Format;

namespace Kedge.Vault.Tests.Format;

/// <summary>Blobs of packs, at random.</summary>
internal static class AnyEntries
{
    public static Gen<ObjectId> Id => from seed in Gen.Choose(0, int.MaxValue) select ObjectId.Of(BitConverter.GetBytes(seed));

    /// <summary>As they may stand in an index, in any order.</summary>
    public static Gen<List<BlobEntry>> Loose => from entries in Gen.ListOf(Entry) select entries.ToList();

    /// <summary>As they stand in a pack, one after the other.</summary>
    public static Gen<List<BlobEntry>> Packed =>
        from entries in Gen.NonEmptyListOf(Entry)
        select entries.Aggregate(new List<BlobEntry>(), (packed, entry) =>
        {
            packed.Add(entry with { Offset = packed.Count == 0 ? 0 : packed[^1].Offset + packed[^1].Length, Length = 32 + (entry.Length % 10_000_000) });
            return packed;
        });

    private static Gen<BlobEntry> Entry =>
        from id in Id
        from kind in Gen.Elements(BlobKind.Data, BlobKind.Tree)
        from offset in Number
        from length in Number
        from plain in Gen.OneOf(Gen.Constant(0u), Number)
        select new BlobEntry(new(kind, id), offset, Math.Max(32, length), plain);

    private static Gen<uint> Number => Gen.OneOf(from small in Gen.Choose(0, 20_000_000) select (uint)small, Gen.Elements(0u, 9u, 10u, uint.MaxValue - 1, uint.MaxValue));
}
