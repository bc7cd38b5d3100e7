using Kedge.Vault.Format;
using Kedge.Vault.Indexing;
using Kedge.Vault.Locking;
using Kedge.Vault.Threads;
using Kedge.Vault.Upkeep;

namespace Kedge.Vault.Repair;

/// <summary>
/// Makes the index of a vault anew from the headers of its packs. New index files are written before old ones are removed;
/// no pack is ever removed. Marks for removal are forgotten: the next prune sets them again.
/// </summary>
public static class IndexRepair
{
    /// <param name="taken">An exclusive lock; may be null for a dry run.</param>
    /// <exception cref="VaultException">The storage failed; nothing was removed then that is not replaced.</exception>
    public static async Task<IndexRepairOutcome> RunAsync(VaultRepository vault, IndexRepairWanted wanted, VaultLock? taken, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(vault);
        ArgumentNullException.ThrowIfNull(wanted);
        if (!wanted.DryRun)
        {
            ExclusiveWork.Demand(taken, "repairing the index");
        }

        wanted.Progress.Begin(UpkeepStage.Loading);
        var survey = new IndexSurvey();
        var index = await IndexLoading.LoadAsync(vault, survey, cancellation);
        var packs = await StoredPacks.ListAsync(vault, index, cancellation);
        var doubtful = Enumerable.Range(0, index.PackCount).Where(p => packs.Has(p) && (wanted.ReadAllPacks || IsDoubtful(index, packs, p))).ToHashSet();
        var dropped = Enumerable.Range(0, index.PackCount).Where(p => !packs.Has(p)).Select(index.PackIdOf).Distinct().ToList();
        var headers = await ReadHeadersAsync(vault, wanted, index, packs, doubtful, cancellation);
        // A header that says what the index says anyway is no news.
        var news = headers.Read.Where(h => !(index.PackNumbers(h.Id).Count() == 1 && index.IsListed(index.PackNumber(h.Id)) && SaysTheSame(index, h))).ToList();
        var changes = news.Count + dropped.Count + survey.Unreadable.Count + index.MarkedPacks.Count + index.Sightings.Count > 0;
        var written = 0;
        if (changes && !wanted.DryRun)
        {
            wanted.Progress.Begin(UpkeepStage.WritingIndex);
            written = await WriteAsync(vault, index, packs, doubtful, headers, cancellation);
            ExclusiveWork.DemandSure(taken!);
            await RemoveAsync(vault, [.. survey.Files.Select(f => f.Id), .. survey.Unreadable.Select(u => u.File)], cancellation);
        }

        wanted.Progress.Begin(UpkeepStage.Done);
        return new()
        {
            UnreadableFiles = [.. survey.Unreadable.Select(u => u.File)],
            Added = [.. news.Select(n => n.Id)],
            Dropped = dropped,
            Unreadable = headers.Unreadable,
            Unmarked = index.MarkedPacks.Count,
            FilesRemoved = changes && !wanted.DryRun ? survey.Files.Count + survey.Unreadable.Count : 0,
            FilesWritten = written,
        };
    }

    /// <summary>Whether only the header tells what is in the pack.</summary>
    private static bool IsDoubtful(BlobIndex index, StoredPacks packs, int pack) =>
        StoredPacks.ExpectedLength(index, pack) != packs.LengthOf(pack) || index.PackNumbers(index.PackIdOf(pack)).Skip(1).Any();

    private static async Task<HeadersFound> ReadHeadersAsync(
        VaultRepository vault, IndexRepairWanted wanted, BlobIndex index, StoredPacks packs, HashSet<int> doubtful, CancellationToken cancellation)
    {
        var all = doubtful.Select(p => (Id: index.PackIdOf(p), Length: packs.LengthOf(p)))
            .Concat(packs.Orphans.Select(o => (o.Name.Id, o.Length))).Distinct().ToList();
        var found = new HeadersFound();
        var (next, isStopped) = (-1, false);
        wanted.Progress.Begin(UpkeepStage.ReadingHeaders, all.Count);
        await Crew.RunAsync("headers", TreeWalk.ThreadsFor(vault), Read, () => Volatile.Write(ref isStopped, true), cancellation);
        return found;

        void Read()
        {
            using var reader = new HeaderReader(vault);
            while (!Volatile.Read(ref isStopped) && Interlocked.Increment(ref next) is var at && at < all.Count)
            {
                cancellation.ThrowIfCancellationRequested();
                try
                {
                    found.Add(new PackContents(all[at].Id, [.. reader.Read(all[at].Id, all[at].Length, cancellation)]));
                }
                catch (VaultException problem) when (problem.Fault is VaultFault.Damaged or VaultFault.NotFound)
                {
                    wanted.Progress.Problem();
                    found.Add(new UnreadablePack(all[at].Id, problem.Message, index.PackNumber(all[at].Id) >= 0));
                }

                wanted.Progress.Step();
            }
        }
    }

    private static bool SaysTheSame(BlobIndex index, PackContents header) => Check.HeaderComparison.Differs(index, index.PackNumber(header.Id), [.. header.Blobs]) is null;

    /// <returns>How many files were written.</returns>
    private static async Task<int> WriteAsync(
        VaultRepository vault, BlobIndex index, StoredPacks packs, HashSet<int> doubtful, HeadersFound headers, CancellationToken cancellation)
    {
        using var filing = new IndexFiling(vault, cancellation);
        var read = headers.Read.Select(h => h.Id).ToHashSet();
        for (var pack = 0; pack < index.PackCount; pack++)
        {
            // One whose header cannot be read stays as the index has it: its blobs may be good, and are found by nothing else.
            if (packs.Has(pack) && !(doubtful.Contains(pack) && read.Contains(index.PackIdOf(pack))))
            {
                filing.Add(index, pack);
                await filing.FlushAsync();
            }
        }

        foreach (var header in headers.Read)
        {
            filing.Writer.AddPack(header.Id, header.Blobs);
            await filing.FlushAsync();
        }

        await filing.FinishAsync();
        return filing.Written.Count;
    }

    private static async Task RemoveAsync(VaultRepository vault, List<ObjectId> files, CancellationToken cancellation)
    {
        foreach (var file in files)
        {
            try
            {
                await vault.Backend.RemoveAsync(new(ObjectKind.Index, file), cancellation);
            }
            catch (VaultException problem) when (problem.Fault == VaultFault.NotFound)
            {
                // A retry after a lost answer.
            }
        }
    }
}
