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
    private readonly EntryColumn entries = new();
    private readonly PackColumn packs = new();
    private readonly List<BlobEntry> pack = [];
    private IdSlots blobSlots = new(0);
    private readonly Dictionary<int, GoTime> marked = [];
    private readonly HashSet<int> unlisted = [];
    private readonly Dictionary<ObjectId, GoTime> sightings = [];
    private bool isSealed;

    /// <summary>How many blobs it lists, copies in several packs counted each.</summary>
    public int Count { get; private set; }

    public int PackCount => packs.Count;

    /// <summary>Bytes of memory that it takes.</summary>
    public long MemoryBytes => entries.Bytes + packs.Bytes + (4L * blobSlots.Capacity);

    /// <summary>Adds a pack and its blobs, in any order. A pack that is known with the same blobs is not added again.</summary>
    /// <returns>Whether it was new.</returns>
    /// <exception cref="VaultException"><see cref="VaultFault.Damaged"/> where blobs overlap.</exception>
    public bool AddPack(ObjectId id, ReadOnlySpan<BlobEntry> blobs) => AddPack(id, blobs, isListed: true);

    /// <param name="isListed">Whether the index lists it as any other, so that stock restic sees it; false for one that only
    /// stands among those to be removed.</param>
    internal bool AddPack(ObjectId id, ReadOnlySpan<BlobEntry> blobs, bool isListed)
    {
        if (isSealed)
        {
            throw new InvalidOperationException("The index was sealed.");
        }

        pack.Clear();
        pack.AddRange(blobs);
        BlobOrder.Sort(pack);
        if (pack.Count == 0)
        {
            return false;
        }

        if (NumberOfSame(id) is >= 0 and var known)
        {
            if (isListed)
            {
                unlisted.Remove(known);
            }

            return false;
        }

        BlobOrder.Demand(id, pack);
        var first = entries.Count;
        var end = 0U;
        foreach (var blob in pack)
        {
            if (blob.Offset > end)
            {
                // Something that the index does not list. Nobody looks for the id of nothing.
                entries.Add(new(default, BlobKind.Data, end, 0));
            }

            entries.Add(new(blob.Name.Id, blob.Name.Kind, blob.Offset, blob.PlainLength));
            end = blob.Offset + blob.Length;
        }

        if (!isListed)
        {
            unlisted.Add(packs.Count);
        }

        packs.Add(new(id, first, end));
        Count += pack.Count;
        return true;
    }

    /// <summary>Says that a pack is to be removed: what it holds can be read, but nothing new may rely on it.</summary>
    /// <param name="time">When it was marked first.</param>
    public void Mark(ObjectId pack, GoTime time)
    {
        foreach (var number in packs.FindAll(pack))
        {
            marked[number] = marked.TryGetValue(number, out var earlier) && earlier < time ? earlier : time;
        }
    }

    /// <summary>Says that a pack was seen in the storage while no index listed it. Means nothing once one does.</summary>
    /// <param name="time">When it was seen first.</param>
    internal void Sight(ObjectId pack, GoTime time)
    {
        if (PackNumber(pack) < 0)
        {
            sightings[pack] = sightings.TryGetValue(pack, out var earlier) && earlier < time ? earlier : time;
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
        for (var at = FindNext(blob, ref probe); at >= 0; at = FindNext(blob, ref probe))
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

    /// <summary>How many positions there are; some of them stand for parts of packs that no index lists (<see cref="IsBlob"/>).</summary>
    internal int Positions => entries.Count;

    /// <summary>The position of a blob's entry; -1 where there is none. Positions go up with packs, and with offsets inside a
    /// pack; what stands in several packs is found where it was added first.</summary>
    internal int Find(in BlobName blob)
    {
        var probe = -1;
        return FindNext(blob, ref probe);
    }

    internal bool IsBlob(int position) => entries[position] != default;

    /// <summary>The positions of a pack's blobs.</summary>
    internal (int First, int End) RangeOf(int number) =>
        (packs.At(number).First, number + 1 < packs.Count ? packs.At(number + 1).First : entries.Count);

    /// <summary>Bytes of all blobs of a pack, as far as the index knows: there its header begins.</summary>
    internal uint BlobBytesOf(int number) => packs.At(number).BlobBytes;

    internal BlobEntry EntryAt(int position)
    {
        ref readonly var entry = ref entries.At(position);
        return new(new(entry.Kind, entry.Id), entry.Offset, EndOf(position) - entry.Offset, entry.PlainLength);
    }

    /// <summary>The number of the pack in which the entry stands; packs are numbered from 0 on.</summary>
    internal int PackNumberAt(int position) => packs.Of(position);

    internal ObjectId PackIdOf(int number) => packs.At(number).Id;

    /// <summary>-1 where the index does not have the pack; one of its numbers where index files say different things of it.</summary>
    internal int PackNumber(ObjectId id) => packs.Find(id);

    /// <summary>All numbers of a pack: several where index files say different things of it.</summary>
    internal IEnumerable<int> PackNumbers(ObjectId id) => packs.FindAll(id);

    /// <summary>Numbers of the packs that are marked for removal, and when that was.</summary>
    internal IReadOnlyDictionary<int, GoTime> MarkedPacks => marked;

    /// <summary>Packs that no index listed when they were first seen, and none does now.</summary>
    internal IReadOnlyDictionary<ObjectId, GoTime> Sightings => sightings;

    /// <summary>Whether stock restic sees the pack; false for one that is marked and taken out of the index's list.</summary>
    internal bool IsListed(int number) => !unlisted.Contains(number);

    /// <summary>The number of a pack that has the blob and is not marked for removal; -1 where there is none.</summary>
    internal int FindUnmarked(in BlobName blob)
    {
        var probe = -1;
        for (var at = FindNext(blob, ref probe); at >= 0; at = FindNext(blob, ref probe))
        {
            if (packs.Of(at) is var pack && !marked.ContainsKey(pack))
            {
                return pack;
            }
        }

        return -1;
    }

    internal BlobPlace PlaceAt(int position) => new(packs.At(packs.Of(position)).Id, EntryAt(position));

    /// <summary>The next position of a blob: -1 where there is no more. Begin with a probe of -1.</summary>
    internal int FindNext(in BlobName blob, ref int probe)
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
        var (first, end) = RangeOf(number);
        var blobs = new List<BlobEntry>(end - first);
        for (var position = first; position < end; position++)
        {
            if (entries[position] != default)
            {
                blobs.Add(EntryAt(position));
            }
        }

        return blobs;
    }

    private int NumberOfSame(ObjectId id)
    {
        foreach (var number in packs.FindAll(id))
        {
            if (BlobsOf(number).SequenceEqual(pack))
            {
                return number;
            }
        }

        return -1;
    }
}
