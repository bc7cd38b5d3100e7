using Kedge.Vault.Backends;
using Kedge.Vault.Format;
using Kedge.Vault.Indexing;
using Kedge.Vault.Locking;

namespace Kedge.Vault.Prune;

/// <summary>
/// Gives up packs in steps, each of which leaves a vault in which everything is found. First they are marked, and stay in
/// the index: whoever runs Kedge relies on them no more from then on. Once nobody is at work who could rely on them, they
/// are taken from the index's list, so that nobody else can either. After the grace period they are removed. A snapshot that
/// turns out to need one brings it back at each step.
/// </summary>
internal sealed class MarkAndSweep(
    VaultRepository vault, BlobIndex index, PackVerdicts verdicts, PackRemoval removal, LateSnapshots late, VaultLock taken)
{
    private readonly GoTime now = GoTime.From(vault.Time.GetUtcNow());

    /// <param name="emptied">Packs that were repacked.</param>
    internal async Task<PruneOutcome> RunAsync(List<int> emptied, CancellationToken cancellation)
    {
        List<int> marked = [.. verdicts.Mark, .. emptied];
        await AddAsync(marked, cancellation);
        var witnesses = await Witnesses.LookAsync(vault, taken, cancellation);
        var outcome = new PruneOutcome { Plan = verdicts.Plan, Marked = Tally(marked), WaitsFor = witnesses.Who };
        if (!witnesses.AllHonourMarks)
        {
            // Whoever runs restic may rely on any pack that the index listed when it began, and stops where an index file is
            // gone that it is about to read. So nothing is taken away while it is at work.
            return outcome;
        }

        List<int> unlisted = [.. verdicts.Unlist.Concat(marked).Where(p => witnesses.Allow(MarkOf(p)))];
        List<int> removed = [.. verdicts.Remove.Where(p => witnesses.Allow(MarkOf(p)))];
        var orphans = await StillUnlistedAsync(verdicts.OrphansToRemove.Where(o => witnesses.Allow(index.Sightings[o.Name.Id])).ToList(), cancellation);

        // Snapshots that were written since the first look, by whoever was at work then and is not any more.
        var needed = await late.FindNeededAsync(Ids([.. unlisted, .. removed]), cancellation);
        await ListAgainAsync(needed, cancellation);
        unlisted.RemoveAll(p => needed.Contains(index.PackIdOf(p)));
        removed.RemoveAll(p => needed.Contains(index.PackIdOf(p)));

        // What no index lists can go before its mark does: where this is interrupted, the next prune goes on at once.
        await removal.RunAsync([.. removed.Select(p => (index.PackIdOf(p), removal.Packs.LengthOf(p))), .. orphans.Select(o => (o.Name.Id, o.Length))], cancellation);
        removal.DemandSure();
        await RewriteAsync(marked, unlisted, removed, [.. orphans.Select(o => o.Name.Id)], needed, cancellation);
        await LookBackAsync(unlisted, cancellation);
        return outcome with { Removed = removal.Removed };
    }

    /// <summary>What can be done whoever is at work: it only adds.</summary>
    private async Task AddAsync(List<int> marked, CancellationToken cancellation)
    {
        using var filing = new IndexFiling(vault, cancellation);
        foreach (var pack in verdicts.Revive.Where(p => !index.IsListed(p)))
        {
            filing.Add(index, pack);
            await filing.FlushAsync();
        }

        foreach (var pack in marked)
        {
            filing.AddMarked(index, pack, now);
            await filing.FlushAsync();
        }

        foreach (var orphan in verdicts.OrphansToSight)
        {
            filing.AddSighting(orphan.Name.Id, now);
            await filing.FlushAsync();
        }

        await filing.FinishAsync();
    }

    /// <summary>A writer that was asleep, and that does not run Kedge, may have woken up and listed what it had stored.</summary>
    private async Task<List<StoredObject>> StillUnlistedAsync(List<StoredObject> orphans, CancellationToken cancellation)
    {
        if (orphans.Count == 0)
        {
            return orphans;
        }

        var now = await vault.LoadIndexAsync(cancellation);
        return [.. orphans.Where(o => now.PackNumber(o.Name.Id) < 0)];
    }

    private async Task RewriteAsync(
        List<int> marked, List<int> unlisted, List<int> removed, HashSet<ObjectId> orphans, HashSet<ObjectId> needed, CancellationToken cancellation)
    {
        var noChange = marked.Count + unlisted.Count + removed.Count + orphans.Count + needed.Count + verdicts.Revive.Count + verdicts.OrphansToSight.Count == 0
            && index.MarkedPacks.Keys.All(p => removal.Packs.Has(p)) && !index.MarkedPacks.Values.Contains(GoTime.None)
            && index.Sightings.Count == verdicts.OrphansToRemove.Count + verdicts.OrphansToWait.Count;
        var unlistedAt = GoTime.From(vault.Time.GetUtcNow());
        var edit = new IndexEdit
        {
            Dropped = Ids([.. unlisted, .. verdicts.Gone]),
            ReplacesMarks = !noChange,
            WriteMarks = noChange ? null : filing => WriteMarksAsync(filing, marked, unlisted.ToDictionary(p => p, _ => unlistedAt), [.. removed], orphans, needed),
        };
        await IndexRewriting.RunAsync(vault, edit, cancellation);
    }

    private async Task WriteMarksAsync(
        IndexFiling filing, List<int> marked, Dictionary<int, GoTime> unlisted, HashSet<int> removed, HashSet<ObjectId> orphans, HashSet<ObjectId> needed)
    {
        int[] waiting = [.. verdicts.Wait, .. verdicts.Remove, .. verdicts.Unlist, .. marked];
        foreach (var pack in waiting.Where(p => !removed.Contains(p) && !needed.Contains(index.PackIdOf(p))))
        {
            // The grace period begins when a pack goes out of the index's list: only from then on can nobody new rely on it.
            filing.AddMarked(index, pack, unlisted.TryGetValue(pack, out var at) ? at : MarkOf(pack));
            await filing.FlushAsync();
        }

        foreach (var orphan in removal.Packs.Orphans.Select(o => o.Name.Id).Where(o => !orphans.Contains(o)))
        {
            filing.AddSighting(orphan, index.Sightings.TryGetValue(orphan, out var sighted) && sighted != GoTime.None ? sighted : now);
            await filing.FlushAsync();
        }
    }

    /// <summary>
    /// Somebody may have read the index just before packs went out of it, and rely on them. Either they are still at work,
    /// and their lock is there; or they have written their snapshot. So locks are looked at first, and snapshots then.
    /// </summary>
    private async Task LookBackAsync(List<int> unlisted, CancellationToken cancellation)
    {
        if (unlisted.Count == 0)
        {
            return;
        }

        var witnesses = await Witnesses.LookAsync(vault, taken, cancellation);
        var needed = await late.FindNeededAsync(Ids(unlisted), cancellation);
        needed.UnionWith(unlisted.Where(p => !witnesses.Allow(MarkOf(p))).Select(index.PackIdOf));
        await ListAgainAsync(needed, cancellation);
    }

    /// <summary>Lists packs again beside all others. Their marks, where there are any, are the next prune's business.</summary>
    private async Task ListAgainAsync(HashSet<ObjectId> packs, CancellationToken cancellation)
    {
        using var filing = new IndexFiling(vault, cancellation);
        foreach (var number in packs.SelectMany(index.PackNumbers))
        {
            filing.Add(index, number);
            await filing.FlushAsync();
        }

        await filing.FinishAsync();
    }

    private GoTime MarkOf(int pack) => index.MarkedPacks.TryGetValue(pack, out var time) && time != GoTime.None ? time : now;

    private HashSet<ObjectId> Ids(IEnumerable<int> packs) => packs.Select(index.PackIdOf).ToHashSet();

    private PruneTally Tally(List<int> packs) => new(packs.Count, 0, packs.Sum(removal.Packs.LengthOf));
}
