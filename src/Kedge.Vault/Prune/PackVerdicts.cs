using Kedge.Vault.Backends;
using Kedge.Vault.Format;
using Kedge.Vault.Indexing;
using Kedge.Vault.Packing;
using Kedge.Vault.Upkeep;

namespace Kedge.Vault.Prune;

/// <summary>Decides what becomes of each pack.</summary>
internal sealed class PackVerdicts
{
    /// <summary>Smaller packs are worth merging.</summary>
    private const int SmallPack = PackBuffer.Target / 4;

    private readonly BlobIndex index;
    private readonly StoredPacks packs;
    private readonly PruneSurvey survey;
    private readonly PruneWanted wanted;
    private readonly GoTime due;

    private PackVerdicts(BlobIndex index, StoredPacks packs, PruneSurvey survey, PruneWanted wanted, DateTimeOffset now)
    {
        (this.index, this.packs, this.survey, this.wanted) = (index, packs, survey, wanted);
        due = GoTime.From(now - wanted.Grace);
    }

    /// <summary>Packs that stay although somebody marked them.</summary>
    internal List<int> Revive { get; } = [];

    /// <summary>Packs of which what is needed is copied, so that they can go.</summary>
    internal List<int> Repack { get; } = [];

    /// <summary>Packs in which nothing is needed, not marked yet.</summary>
    internal List<int> Mark { get; } = [];

    /// <summary>Packs in which nothing is needed, marked, and still listed in the index as any other.</summary>
    internal List<int> Unlist { get; } = [];

    /// <summary>Packs in which nothing is needed, that only stand among those to be removed, and whose time has come.</summary>
    internal List<int> Remove { get; } = [];

    /// <summary>The same, whose time has not come.</summary>
    internal List<int> Wait { get; } = [];

    /// <summary>Packs that the storage does not have, and nobody needs.</summary>
    internal List<int> Gone { get; } = [];

    internal List<StoredObject> OrphansToSight { get; } = [];

    internal List<StoredObject> OrphansToRemove { get; } = [];

    internal List<StoredObject> OrphansToWait { get; } = [];

    internal PrunePlan Plan { get; private set; } = new();

    internal static PackVerdicts Of(BlobIndex index, StoredPacks packs, PruneSurvey survey, PruneWanted wanted, DateTimeOffset now)
    {
        var verdicts = new PackVerdicts(index, packs, survey, wanted, now);
        var partly = verdicts.Sort();
        verdicts.ChooseToRepack(partly);
        verdicts.SortOrphans();
        verdicts.Sum();
        return verdicts;
    }

    /// <summary>Packs with which something goes that stands elsewhere too, in this run, or in the next ones without another
    /// look at them. What was marked by an earlier run is looked at when its time has come.</summary>
    internal HashSet<int> GivenUp() => [.. Mark, .. Remove, .. Repack, .. wanted.Instant ? Unlist : []];

    /// <summary>Some packs stay after all.</summary>
    internal void Spare(HashSet<int> staying)
    {
        if (staying.Count == 0)
        {
            return;
        }

        Revive.AddRange(Unlist.Concat(Remove).Where(staying.Contains));
        foreach (var leaving in new[] { Mark, Repack, Unlist, Remove })
        {
            leaving.RemoveAll(staying.Contains);
        }

        Sum();
    }

    /// <summary>Whether the time of what was marked then has come. A mark without a time counts from its next writing on.</summary>
    private bool IsDue(GoTime marked) => wanted.Instant || (marked != GoTime.None && marked <= due);

    /// <returns>Packs that are needed in part, or small.</returns>
    private List<int> Sort()
    {
        var partly = new List<int>();
        for (var pack = 0; pack < index.PackCount; pack++)
        {
            ref readonly var use = ref survey.UseOf(pack);
            if (!packs.Has(pack))
            {
                Gone.Add(pack);
            }
            else if (IsNeededByAnotherListing(pack))
            {
                // Index files contradict each other. What is needed by either may not go, and neither can be trusted to say what is in it.
                if (!index.IsListed(pack))
                {
                    Revive.Add(pack);
                }
            }
            else if (index.MarkedPacks.TryGetValue(pack, out var marked))
            {
                (use.UsedBlobs > 0 ? Revive : index.IsListed(pack) ? Unlist : IsDue(marked) ? Remove : Wait).Add(pack);
            }
            else if (use.UsedBlobs == 0)
            {
                Mark.Add(pack);
            }
            else if (use.UnusedBlobs > 0 || use.IsMixed || IsSmall(pack))
            {
                partly.Add(pack);
            }
        }

        return partly;
    }

    private bool IsNeededByAnotherListing(int pack)
    {
        var numbers = index.PackNumbers(index.PackIdOf(pack)).ToList();
        return numbers.Count > 1 && numbers.Exists(n => survey.UseOf(n).UsedBlobs > 0);
    }

    private bool IsSmall(int pack) => packs.LengthOf(pack) < SmallPack;

    /// <summary>As restic: mixed packs, then trees (which everybody reads), then those of which most is not needed, until little enough of that is left.</summary>
    private void ChooseToRepack(List<int> partly)
    {
        var unused = partly.Sum(p => survey.UseOf(p).UnusedBytes);
        var allowed = wanted.MaxUnused.For(survey.Used.Bytes);
        var budget = wanted.MaxRepackBytes ?? long.MaxValue;
        var mergeTrees = IsWorthMerging(partly, trees: true);
        var mergeData = IsWorthMerging(partly, trees: false);
        foreach (var pack in partly
            .OrderByDescending(p => survey.UseOf(p).IsMixed)
            .ThenByDescending(p => survey.UseOf(p).HasTrees)
            .ThenByDescending(p => survey.UseOf(p).UnusedShare)
            .ThenBy(index.PackIdOf))
        {
            var use = survey.UseOf(pack);
            var isMerged = IsSmall(pack) && (use.HasTrees ? mergeTrees : mergeData);
            if ((use.IsMixed || isMerged || (use.UnusedBlobs > 0 && unused > allowed)) && use.Bytes <= budget)
            {
                Repack.Add(pack);
                budget -= use.Bytes;
                unused -= use.UnusedBytes;
            }
        }
    }

    /// <summary>Whether the small packs of a kind make a full one, so that each is copied once in its life, not at each prune.</summary>
    private bool IsWorthMerging(List<int> partly, bool trees) => wanted.MergeSmallPacks
        && partly.Where(p => IsSmall(p) && survey.UseOf(p).HasTrees == trees).Sum(p => survey.UseOf(p).UsedBytes) >= PackBuffer.Target;

    private void SortOrphans()
    {
        foreach (var orphan in packs.Orphans)
        {
            var isSighted = index.Sightings.TryGetValue(orphan.Name.Id, out var sighted);
            (wanted.Instant || (isSighted && IsDue(sighted)) ? OrphansToRemove : isSighted ? OrphansToWait : OrphansToSight).Add(orphan);
        }
    }

    private void Sum()
    {
        var unusedLeft = default(PruneTally);
        var leaves = new HashSet<int>([.. Mark, .. Unlist, .. Remove, .. Wait, .. Repack, .. Gone]);
        for (var pack = 0; pack < index.PackCount; pack++)
        {
            if (!leaves.Contains(pack))
            {
                unusedLeft += survey.UseOf(pack).Unused;
            }
        }

        var repacked = Parts(Repack, u => u.Used);
        Plan = new()
        {
            Used = survey.Used,
            Duplicate = survey.Duplicate,
            Unused = survey.Unused,
            ToRepack = repacked with { Packs = Repack.Count },
            RepackGivesUp = Parts(Repack, u => u.Unused),
            ToMark = Whole(Mark),
            Waiting = Whole(Wait) + Whole(Unlist),
            ToRemove = Whole(Remove),
            OrphansToRemove = Stored(OrphansToRemove),
            OrphansWaiting = Stored(OrphansToSight) + Stored(OrphansToWait),
            ToRevive = Whole(Revive),
            UnusedLeft = unusedLeft,
            BytesLeft = Enumerable.Range(0, index.PackCount).Where(p => !leaves.Contains(p)).Sum(packs.LengthOf) + repacked.Bytes,
        };
    }

    private PruneTally Parts(List<int> some, Func<PackUse, PruneTally> part) =>
        some.Aggregate(default(PruneTally), (sum, pack) => sum + part(survey.UseOf(pack)));

    private PruneTally Whole(List<int> some) =>
        new(some.Count, some.Sum(p => (long)survey.UseOf(p).UsedBlobs + survey.UseOf(p).UnusedBlobs), some.Sum(packs.LengthOf));

    private static PruneTally Stored(List<StoredObject> orphans) => new(orphans.Count, 0, orphans.Sum(o => o.Length));
}
