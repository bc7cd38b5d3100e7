using Kedge.Vault.Indexing;
using Kedge.Vault.Upkeep;

namespace Kedge.Vault.Check;

/// <summary>
/// Looks whether a vault is sound: its structure, and as much of its data as is wanted, byte for byte. Changes nothing, and
/// may run beside backups, copies and prunes; who wants to keep others from removing meanwhile what it looks at takes a
/// shared lock.
/// </summary>
public static class VaultCheck
{
    /// <exception cref="VaultException">The storage failed. What is damaged ends in the outcome, not in an exception.</exception>
    public static async Task<CheckOutcome> RunAsync(VaultRepository vault, CheckWanted wanted, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(vault);
        ArgumentNullException.ThrowIfNull(wanted);
        var findings = new FindingList(wanted);
        wanted.Progress.Begin(UpkeepStage.Loading);
        await LooseObjects.CheckLocksAsync(vault, wanted, findings, cancellation);
        await LooseObjects.CheckKeysAsync(vault, findings, cancellation);
        // Snapshots, index, packs, in this order: whoever backs up writes in the opposite one, so that whatever a snapshot
        // refers to is in the index by now, and whatever the index lists is stored.
        var snapshots = await LooseObjects.CheckSnapshotsAsync(vault, findings, cancellation);
        var survey = new IndexSurvey();
        var index = await IndexLoading.LoadAsync(vault, survey, cancellation);
        LooseObjects.CheckIndexFiles(survey, findings);
        var packs = await StoredPacks.ListAsync(vault, index, cancellation);
        var run = new CheckRun(vault, wanted, index, packs, findings) { HasPacksToList = IndexedPackCheck.HasPacksToList(vault, packs, cancellation) };
        var doubtful = IndexedPackCheck.Run(run);

        wanted.Progress.Begin(UpkeepStage.WalkingTrees);
        var walk = new TreeWalk(vault, index, wanted.Progress);
        await walk.RunAsync(snapshots.Snapshots.Select(s => s.File.Tree), () => new TreeVerifier(run), cancellation);
        IndexedPackCheck.TellUntidy(run);
        var read = await ReadAsync(run, doubtful, cancellation);
        BadBlobReport.Tell(run, cancellation);

        var hits = run.IsAnythingLost ? await new HitTrace(vault, index, b => run.IsLost(b), wanted.MaximumHits, wanted.Progress).RunAsync(snapshots.Snapshots, cancellation) : [];
        var (repeated, unused) = IndexedPackCheck.CountBlobs(run);
        wanted.Progress.Begin(UpkeepStage.Done);
        return new()
        {
            Findings = findings.Kept,
            Damages = findings.Damages,
            Untidy = findings.Untidy,
            Hits = hits,
            DamagedPacks = [.. run.DamagedPacks.Keys.Order()],
            Totals = new()
            {
                Snapshots = snapshots.Snapshots.Count,
                Trees = walk.Seen.Total(),
                IndexFiles = survey.Files.Count,
                Packs = run.Packs.Count,
                PackBytes = run.Packs.Bytes,
                Blobs = index.Count,
                RepeatedBlobs = repeated,
                UnusedBlobs = unused,
                PacksRead = read.Count,
                BytesRead = read.Sum(run.Packs.LengthOf),
            },
        };
    }

    /// <returns>The packs that were read whole.</returns>
    private static async Task<List<int>> ReadAsync(CheckRun run, List<int> doubtful, CancellationToken cancellation)
    {
        var present = Enumerable.Range(0, run.Index.PackCount).Where(run.Packs.Has).ToList();
        var chosen = run.Wanted.ReadData.IsNone ? [] : run.Wanted.ReadData.Choose(present, run.Index.PackIdOf, run.Packs.LengthOf);
        if (run.Wanted.WithHeaders)
        {
            doubtful = [.. doubtful.Union(await PackReading.ReadHeadersAsync(run, [.. present.Except(chosen).Except(doubtful)], cancellation))];
        }

        var whole = chosen.Union(doubtful).Order().ToList();
        if (whole.Count > 0)
        {
            await PackReading.ReadAsync(run, whole, cancellation);
        }

        return whole;
    }
}
