using Kedge.Vault.Format;
using Kedge.Vault.Indexing;
using Kedge.Vault.Packing;
using Kedge.Vault.Upkeep;

namespace Kedge.Vault.Prune;

/// <summary>
/// Reads what stays of blobs that stand in several packs, before the other copies are given up for it. The index alone proves
/// nothing: a copy may have rotted, and whoever may add to the vault may list what does not exist.
/// </summary>
internal sealed class SurvivingCopies(VaultRepository vault, BlobIndex index, PruneSurvey survey, BitColumn used, PruneWanted wanted)
{
    private readonly BitColumn read = new(index.Positions);
    private readonly BitColumn bad = new(index.Positions);

    /// <summary>Packs of which a copy that was to stay cannot be read, and why.</summary>
    internal System.Collections.Concurrent.ConcurrentDictionary<int, VaultException> BadPacks { get; } = new();

    /// <param name="leaving">Packs that are to go. What is copied from one of them is verified when that is done.</param>
    /// <returns>Those that have to stay, because there is no other good copy of something.</returns>
    internal async Task<HashSet<int>> FindIrreplaceableAsync(HashSet<int> leaving, CancellationToken cancellation)
    {
        var (count, bytes) = (0L, 0L);
        foreach (var copy in leaving.SelectMany(CopiesKeptFor).Where(c => !leaving.Contains(index.PackNumberAt(c))))
        {
            if (read.Set(copy))
            {
                count++;
                bytes += index.EntryAt(copy).Length;
            }
        }

        if (count == 0)
        {
            return [];
        }

        wanted.Progress.Begin(UpkeepStage.ReadingPacks, count, bytes);
        await PackFeed.RunAsync(vault, PackSpan.Of(index, read, vault.Backend.Traits.IsRemote), () => new Proof(this, cancellation), cancellation);
        var staying = leaving.Where(pack => CopiesKeptFor(pack).Any(c => bad[c])).ToHashSet();
        foreach (var (pack, why) in BadPacks)
        {
            wanted.OnProblem?.Invoke($"packs stay that were to go, because their copies in pack {index.PackIdOf(pack).Short} cannot be read: {why.Message}");
        }

        return staying;
    }

    /// <summary>Where in other packs that stands which snapshots need of a pack, and which is not the copy that stays.</summary>
    private IEnumerable<int> CopiesKeptFor(int pack)
    {
        var (position, end) = index.RangeOf(pack);
        for (; position < end; position++)
        {
            if (!index.IsBlob(position) || survey.Kept[position])
            {
                continue;
            }

            var name = index.EntryAt(position).Name;
            if (!used[index.Find(name)])
            {
                continue;
            }

            var probe = -1;
            var at = index.FindNext(name, ref probe);
            while (at >= 0 && !survey.Kept[at])
            {
                at = index.FindNext(name, ref probe);
            }

            if (at >= 0)
            {
                yield return at;
            }
        }
    }

    private sealed class Proof(SurvivingCopies copies, CancellationToken cancellation) : IPackWorker
    {
        private readonly BlobReader reader = copies.Vault.OpenReader();

        public void Work(PackSpan span, ReadOnlyMemory<byte> bytes)
        {
            foreach (var position in span.Positions)
            {
                cancellation.ThrowIfCancellationRequested();
                var place = copies.Index.PlaceAt(position);
                try
                {
                    reader.Open(place, span.Part(bytes, place.Entry).Span);
                    copies.Step(place.Entry);
                }
                catch (VaultException problem) when (problem.Fault == VaultFault.Damaged)
                {
                    LookAgain(position, place);
                }
            }
        }

        public void Unreadable(PackSpan span, VaultException why)
        {
            foreach (var position in span.Positions)
            {
                LookAgain(position, copies.Index.PlaceAt(position));
            }
        }

        public void Dispose() => reader.Dispose();

        private void LookAgain(int position, BlobPlace place)
        {
            try
            {
                reader.Read(place, cancellation);
            }
            catch (VaultException problem) when (problem.Fault is VaultFault.Damaged or VaultFault.NotFound)
            {
                copies.FoundBad(position, problem);
            }

            copies.Step(place.Entry);
        }
    }

    private VaultRepository Vault => vault;

    private BlobIndex Index => index;

    private void Step(in BlobEntry entry) => wanted.Progress.Step(entry.Length);

    private void FoundBad(int position, VaultException why)
    {
        wanted.Progress.Problem();
        bad.Set(position);
        BadPacks.TryAdd(index.PackNumberAt(position), why);
    }
}
