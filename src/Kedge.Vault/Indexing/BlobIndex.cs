using System.Diagnostics.CodeAnalysis;
using Kedge.Vault.Format;

namespace Kedge.Vault.Indexing;

/// <summary>A blob in a pack.</summary>
public readonly record struct BlobPlace(ObjectId Pack, BlobEntry Entry);

/// <summary>
/// Which blobs a vault has, and where: about 45 bytes of memory a blob. Filled by one thread; from <see cref="Seal"/> on
/// it does not change, and any number of threads may look things up.
/// </summary>
public sealed class BlobIndex
{
    private const uint MaximumPackSize = int.MaxValue;

    private readonly EntryColumn entries = new();
    private readonly PackColumn packs = new();
    private readonly List<BlobEntry> pack = [];
    private IdSlots blobSlots = new(0);
    private IdSlots packSlots = new(16);
    private readonly Dictionary<int, GoTime> marked = [];
    private bool isSealed;

    /// <summary>How many blobs it lists, copies in several packs counted each.</summary>
    public int Count { get; private set; }

    public int PackCount => packs.Count;

    /// <summary>Bytes of memory that it takes.</summary>
    public long MemoryBytes => entries.Bytes + packs.Bytes + (4L * (blobSlots.Capacity + packSlots.Capacity));

    /// <summary>Adds a pack and its blobs, in any order. A pack that is known with the same blobs is not added again.</summary>
    /// <exception cref="VaultException"><see cref="VaultFault.Damaged"/> where blobs overlap.</exception>
    public void AddPack(ObjectId id, ReadOnlySpan<BlobEntry> blobs)
    {
        if (isSealed)
        {
            throw new InvalidOperationException("The index was sealed.");
        }

        pack.Clear();
        pack.AddRange(blobs);
        SortByOffset(pack);
        if (pack.Count == 0 || IsKnown(id))
        {
            return;
        }

        var first = entries.Count;
        var end = 0U;
        foreach (var blob in pack)
        {
            if (blob.Offset < end || blob.Length == 0 || blob.Offset > MaximumPackSize - blob.Length)
            {
                entries.Truncate(first);
                throw VaultException.Damaged($"the index says of pack {id.Short} that its blobs overlap, or lie beyond 2 GiB");
            }

            if (blob.Offset > end)
            {
                // Something that the index does not list. Nobody looks for the id of nothing.
                entries.Add(new(default, BlobKind.Data, end, 0));
            }

            entries.Add(new(blob.Name.Id, blob.Name.Kind, blob.Offset, blob.PlainLength));
            end = blob.Offset + blob.Length;
        }

        if (!packSlots.HasRoomFor(packs.Count + 1))
        {
            packSlots.Grow(packs.Count, packs.Count + (packs.Count / 2) + 16, packs);
        }

        packSlots.Add(id, packs.Count);
        packs.Add(new(id, first, end));
        Count += pack.Count;
    }

    /// <summary>Says that a pack is to be removed: what it holds can be read, but nothing new may rely on it.</summary>
    /// <param name="time">When it was marked first.</param>
    public void Mark(ObjectId pack, GoTime time)
    {
        var probe = -1;
        for (var number = packSlots.Find(pack, packs, ref probe); number >= 0; number = packSlots.Find(pack, packs, ref probe))
        {
            marked[number] = marked.TryGetValue(number, out var earlier) && earlier < time ? earlier : time;
        }
    }

    /// <summary>Makes it ready for look-ups.</summary>
    public void Seal()
    {
        isSealed = true;
        blobSlots = new(Count);
        for (var position = 0; position < entries.Count; position++)
        {
            if (entries[position] != default)
            {
                blobSlots.Add(entries[position], position);
            }
        }
    }

    public bool Contains(in BlobName blob) => Find(blob) >= 0;

    /// <summary>Where the blob stands; one of the places, where it stands in several.</summary>
    public bool TryFind(in BlobName blob, out BlobPlace place)
    {
        var position = Find(blob);
        place = position < 0 ? default : PlaceAt(position);
        return position >= 0;
    }

    /// <summary>All places where the blob stands.</summary>
    public IEnumerable<BlobPlace> FindAll(BlobName blob)
    {
        var probe = -1;
        for (var at = Next(blob, ref probe); at >= 0; at = Next(blob, ref probe))
        {
            yield return PlaceAt(at);
        }
    }

    /// <summary>The length of a blob's plain content, in bytes; -1 where the blob is not known.</summary>
    public long ContentLength(in BlobName blob) => Find(blob) is >= 0 and var position ? EntryAt(position).ContentLength : -1;

    /// <summary>All packs with their blobs, in the order of their offsets.</summary>
    public IEnumerable<(ObjectId Pack, IReadOnlyList<BlobEntry> Blobs)> Packs()
    {
        for (var number = 0; number < packs.Count; number++)
        {
            yield return (packs.At(number).Id, BlobsOf(number));
        }
    }

    public bool TryFindPack(ObjectId id, [NotNullWhen(true)] out IReadOnlyList<BlobEntry>? blobs)
    {
        var number = PackNumber(id);
        blobs = number < 0 ? null : BlobsOf(number);
        return blobs is not null;
    }

    /// <summary>The position of a blob's entry; -1 where there is none. Positions go up with packs, and with offsets inside a pack.</summary>
    internal int Find(in BlobName blob)
    {
        var probe = -1;
        return Next(blob, ref probe);
    }

    internal BlobEntry EntryAt(int position)
    {
        ref readonly var entry = ref entries.At(position);
        return new(new(entry.Kind, entry.Id), entry.Offset, EndOf(position) - entry.Offset, entry.PlainLength);
    }

    /// <summary>The number of the pack in which the entry stands; packs are numbered from 0 on.</summary>
    internal int PackNumberAt(int position) => packs.Of(position);

    internal ObjectId PackIdOf(int number) => packs.At(number).Id;

    internal int PackNumber(ObjectId id)
    {
        var probe = -1;
        return packSlots.Find(id, packs, ref probe);
    }

    /// <summary>Numbers of the packs that are marked for removal, and when that was.</summary>
    internal IReadOnlyDictionary<int, GoTime> MarkedPacks => marked;

    /// <summary>The number of a pack that has the blob and is not marked for removal; -1 where there is none.</summary>
    internal int FindUnmarked(in BlobName blob)
    {
        var probe = -1;
        for (var at = Next(blob, ref probe); at >= 0; at = Next(blob, ref probe))
        {
            if (packs.Of(at) is var pack && !marked.ContainsKey(pack))
            {
                return pack;
            }
        }

        return -1;
    }

    internal BlobPlace PlaceAt(int position) => new(packs.At(packs.Of(position)).Id, EntryAt(position));

    private int Next(in BlobName blob, ref int probe)
    {
        for (var position = blobSlots.Find(blob.Id, entries, ref probe); position >= 0; position = blobSlots.Find(blob.Id, entries, ref probe))
        {
            if (entries.At(position).Kind == blob.Kind)
            {
                return position;
            }
        }

        return -1;
    }

    private uint EndOf(int position)
    {
        // Offsets start at 0 in each pack, so that the next one tells whether it belongs to the same.
        var next = position + 1 < entries.Count ? entries.At(position + 1).Offset : 0;
        return next != 0 ? next : packs.At(packs.Of(position)).BlobBytes;
    }

    private List<BlobEntry> BlobsOf(int number)
    {
        var end = number + 1 < packs.Count ? packs.At(number + 1).First : entries.Count;
        var blobs = new List<BlobEntry>(end - packs.At(number).First);
        for (var position = packs.At(number).First; position < end; position++)
        {
            if (entries[position] != default)
            {
                blobs.Add(EntryAt(position));
            }
        }

        return blobs;
    }

    private bool IsKnown(ObjectId id)
    {
        var probe = -1;
        for (var number = packSlots.Find(id, packs, ref probe); number >= 0; number = packSlots.Find(id, packs, ref probe))
        {
            if (BlobsOf(number).SequenceEqual(pack))
            {
                return true;
            }
        }

        return false;
    }

    private static void SortByOffset(List<BlobEntry> blobs)
    {
        for (var i = 1; i < blobs.Count; i++)
        {
            if (blobs[i].Offset < blobs[i - 1].Offset)
            {
                blobs.Sort((a, b) => a.Offset.CompareTo(b.Offset));
                return;
            }
        }
    }
}
