using System.Collections.Concurrent;
using Kedge.Vault.Format;
using Kedge.Vault.Indexing;
using Kedge.Vault.Upkeep;

namespace Kedge.Vault.Check;

/// <summary>What all parts of one check share.</summary>
internal sealed class CheckRun(VaultRepository vault, CheckWanted wanted, BlobIndex index, StoredPacks packs, FindingList findings)
{
    /// <summary>More damaged blobs than this are not described one by one.</summary>
    private const int MaximumDescribed = 100_000;

    private readonly ConcurrentDictionary<BlobName, bool> reported = new();

    internal VaultRepository Vault => vault;

    internal CheckWanted Wanted => wanted;

    internal BlobIndex Index => index;

    internal StoredPacks Packs => packs;

    internal FindingList Findings => findings;

    /// <summary>Blobs that snapshots need, where <see cref="BlobIndex.Find"/> finds them.</summary>
    internal BitColumn Used { get; } = new(index.Positions);

    /// <summary>Copies of blobs that were read and found damaged.</summary>
    internal BitColumn Bad { get; } = new(index.Positions);

    /// <summary>What is wrong with them, by position.</summary>
    internal ConcurrentQueue<(int Position, string What)> BadBlobs { get; } = new();

    /// <summary>Packs that are missing, or not as they should be.</summary>
    internal ConcurrentDictionary<ObjectId, bool> DamagedPacks { get; } = new();

    /// <summary>Set once a snapshot turns out to need something that is lost.</summary>
    internal bool IsAnythingLost { get; set; }

    /// <summary>Notes that a copy of a blob is damaged.</summary>
    internal void FoundBad(int position, string what)
    {
        if (Bad.Set(position))
        {
            DamagedPacks[index.PackIdOf(index.PackNumberAt(position))] = true;
            if (BadBlobs.Count < MaximumDescribed)
            {
                BadBlobs.Enqueue((position, what));
            }
        }
    }

    /// <summary>Whether there are packs that a repair of the index would list.</summary>
    internal bool HasPacksToList { get; init; }

    /// <summary>Whether what is missing may stand in packs that no index lists.</summary>
    internal bool IsIndexIncomplete { get; private set; }

    /// <summary>Tells of something that a snapshot needs and the index does not have.</summary>
    /// <param name="finding">What is told, its remedy that of a whole index.</param>
    internal void FoundUnlisted(CheckFinding finding)
    {
        if (!HasPacksToList)
        {
            findings.Add(finding);
            return;
        }

        lock (reported)
        {
            if (!IsIndexIncomplete)
            {
                IsIndexIncomplete = true;
                findings.Add(new()
                {
                    Kind = FindingKind.IndexIncomplete,
                    IsDamage = true,
                    What = $"the index is not complete: it lacks what snapshots need, and {packs.Orphans.Count} of {packs.Count} packs",
                    Remedy = CheckRemedies.WholeIndex,
                });
            }
        }

        findings.Add(finding with { Remedy = null });
    }

    /// <summary>True for the first who has something to say about a blob.</summary>
    internal bool IsFirstAbout(in BlobName blob) => reported.TryAdd(blob, true);

    /// <summary>Whether no good copy of a blob is known.</summary>
    internal bool IsLost(in BlobName blob)
    {
        var probe = -1;
        for (var position = index.FindNext(blob, ref probe); position >= 0; position = index.FindNext(blob, ref probe))
        {
            if (!Bad[position] && packs.Has(index.PackNumberAt(position)))
            {
                return false;
            }
        }

        return true;
    }
}
