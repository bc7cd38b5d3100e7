using Kedge.Vault.Backends;
using Kedge.Vault.Crypto;
using Kedge.Vault.Format;
using Kedge.Vault.Indexing;

namespace Kedge.Vault.Upkeep;

/// <summary>Which packs the storage has, beside what the index says.</summary>
internal sealed class StoredPacks
{
    private readonly BlobIndex index;
    private readonly long[] lengths;

    private StoredPacks(BlobIndex index)
    {
        this.index = index;
        lengths = new long[index.PackCount];
        Array.Fill(lengths, -1);
    }

    /// <summary>Packs that the index does not have.</summary>
    internal List<StoredObject> Orphans { get; } = [];

    /// <summary>How many packs are stored.</summary>
    internal int Count { get; private set; }

    /// <summary>Their bytes.</summary>
    internal long Bytes { get; private set; }

    /// <summary>Whether the storage lacks a pack of the index.</summary>
    internal bool AnyMissing { get; private set; }

    /// <param name="index">Must have been loaded before: what is stored meanwhile is an orphan then, and harmless.</param>
    internal static async Task<StoredPacks> ListAsync(VaultRepository vault, BlobIndex index, CancellationToken cancellation)
    {
        var packs = new StoredPacks(index);
        await foreach (var stored in vault.Backend.ListAsync(ObjectKind.Pack, cancellation))
        {
            packs.Count++;
            packs.Bytes += stored.Length;
            var isKnown = false;
            foreach (var number in index.PackNumbers(stored.Name.Id))
            {
                packs.lengths[number] = stored.Length;
                isKnown = true;
            }

            if (!isKnown)
            {
                packs.Orphans.Add(stored);
            }
        }

        packs.AnyMissing = packs.lengths.Contains(-1);
        return packs;
    }

    /// <summary>Bytes of the stored pack; -1 where it is missing.</summary>
    internal long LengthOf(int pack) => lengths[pack];

    internal bool Has(int pack) => lengths[pack] >= 0;

    /// <summary>Whether a copy of the blob stands in a pack that is there.</summary>
    internal bool HasBlob(in BlobName blob)
    {
        var probe = -1;
        for (var position = index.FindNext(blob, ref probe); position >= 0; position = index.FindNext(blob, ref probe))
        {
            if (!AnyMissing || Has(index.PackNumberAt(position)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>How long a pack has to be by what the index says of it; -1 where the index does not say all of it.</summary>
    internal static long ExpectedLength(BlobIndex index, int pack)
    {
        var (position, end) = index.RangeOf(pack);
        var header = 0L;
        for (; position < end; position++)
        {
            if (!index.IsBlob(position))
            {
                return -1;
            }

            header += index.EntryAt(position).IsCompressed ? PackHeader.EntrySize : PackHeader.PlainEntrySize;
        }

        return index.BlobBytesOf(pack) + header + Sealing.Overhead + PackHeader.TrailerSize;
    }
}
