using Kedge.Vault.Backends;
using Kedge.Vault.Format;
using Kedge.Vault.Upkeep;

namespace Kedge.Vault.Check;

/// <summary>Holds the index's packs against those in the storage, and the index against itself.</summary>
internal static class IndexedPackCheck
{
    /// <summary>More of a kind are not told one by one.</summary>
    private const int MaximumTold = 1000;

    /// <returns>Packs about which only reading them tells the truth: their lengths are wrong, or the index is at odds with itself.</returns>
    internal static List<int> Run(CheckRun run)
    {
        var doubtful = new List<int>();
        for (var pack = 0; pack < run.Index.PackCount; pack++)
        {
            var name = new ObjectName(ObjectKind.Pack, run.Index.PackIdOf(pack));
            var stored = run.Packs.LengthOf(pack);
            if (stored < 0)
            {
                Missing(run, pack, name);
                continue;
            }

            var expected = StoredPacks.ExpectedLength(run.Index, pack);
            if (run.Index.PackNumbers(name.Id).Skip(1).Any())
            {
                Tell(run, FindingKind.IndexContradiction, name, $"index files say different things of pack {name.Id}", CheckRemedies.Index);
                doubtful.Add(pack);
            }
            else if (expected < 0)
            {
                Tell(run, FindingKind.IndexContradiction, name, $"the index does not list all of pack {name.Id}", CheckRemedies.Index);
                doubtful.Add(pack);
            }
            else if (expected != stored)
            {
                run.DamagedPacks[name.Id] = true;
                Tell(run, FindingKind.PackLength, name, $"pack {name.Id} has {stored} bytes; by the index it should have {expected}", CheckRemedies.Pack);
                doubtful.Add(pack);
            }
        }

        return doubtful;
    }

    /// <summary>What is stored twice, whether both agree, and what nobody needs.</summary>
    /// <returns>How many copies there are beyond the first, and how many blobs no snapshot needs.</returns>
    internal static (long Repeated, long Unused) CountBlobs(CheckRun run)
    {
        var (repeated, unused, contradictions) = (0L, 0L, 0);
        for (var position = 0; position < run.Index.Positions; position++)
        {
            if (!run.Index.IsBlob(position))
            {
                continue;
            }

            var entry = run.Index.EntryAt(position);
            var first = run.Index.Find(entry.Name);
            if (first == position)
            {
                unused += run.Used[position] ? 0 : 1;
                continue;
            }

            repeated++;
            if (run.Index.EntryAt(first).ContentLength != entry.ContentLength && contradictions++ < MaximumTold)
            {
                var pack = new ObjectName(ObjectKind.Pack, run.Index.PlaceAt(position).Pack);
                Tell(run, FindingKind.IndexContradiction, pack, $"the index gives two lengths for {entry.Name}, in packs {run.Index.PlaceAt(first).Pack.Short} and {pack.Id.Short}", CheckRemedies.Index);
            }
        }

        return (repeated, unused);
    }

    private static void Missing(CheckRun run, int pack, ObjectName name)
    {
        // One that is marked may have been removed since the index was read. What snapshots need of it, the trees will tell.
        if (!run.Index.MarkedPacks.ContainsKey(pack))
        {
            run.DamagedPacks[name.Id] = true;
            Tell(run, FindingKind.PackMissing, name, $"pack {name.Id} is gone", CheckRemedies.MissingPack);
        }
    }

    /// <summary>Whether the header of any pack that no index lists can be read, so that a repair of the index would list it.</summary>
    internal static bool HasPacksToList(VaultRepository vault, StoredPacks packs, CancellationToken cancellation)
    {
        using var reader = new HeaderReader(vault);
        return packs.Orphans.Exists(CanBeRead);

        bool CanBeRead(StoredObject orphan)
        {
            try
            {
                cancellation.ThrowIfCancellationRequested();
                reader.Read(orphan.Name.Id, orphan.Length, cancellation);
                return true;
            }
            catch (VaultException problem) when (problem.Fault is VaultFault.Damaged or VaultFault.NotFound)
            {
                return false;
            }
        }
    }

    /// <summary>Packs that no index lists, or that are marked. After the walk, because what snapshots miss may stand in the former.</summary>
    internal static void TellUntidy(CheckRun run)
    {
        foreach (var orphan in run.Packs.Orphans.Take(MaximumTold))
        {
            run.Findings.Add(new()
            {
                Kind = FindingKind.PackOrphaned,
                IsDamage = false,
                Object = orphan.Name,
                What = $"no index lists pack {orphan.Name.Id}, of {orphan.Length} bytes{(run.IsIndexIncomplete ? "" : ": an interrupted backup left it, or one is underway")}",
                Remedy = run.IsIndexIncomplete ? null : "'kedge vault prune' removes it once it is old enough.",
            });
        }

        if (run.Index.MarkedPacks.Count > 0)
        {
            run.Findings.Add(new()
            {
                Kind = FindingKind.PackMarked,
                IsDamage = false,
                What = $"{run.Index.MarkedPacks.Count} packs are marked for removal",
                Remedy = "The next 'kedge vault prune' after the grace period removes them.",
            });
        }
    }

    private static void Tell(CheckRun run, FindingKind kind, ObjectName name, string what, string remedy) =>
        run.Findings.Add(new() { Kind = kind, IsDamage = true, Object = name, What = what, Remedy = remedy });
}
