using Kedge.Vault.Indexing;
using Kedge.Vault.Upkeep;

namespace Kedge.Vault.Prune;

/// <summary>
/// Chooses of each blob that is needed the copy that stays, and counts for each pack how much of it is needed. Of several
/// copies one stays that is in no pack marked for removal, and in the pack of which most is needed.
/// </summary>
internal sealed class PruneSurvey
{
    private readonly BlobIndex index;
    private readonly StoredPacks packs;
    private readonly PackUse[] uses;

    private PruneSurvey(BlobIndex index, StoredPacks packs)
    {
        (this.index, this.packs) = (index, packs);
        uses = new PackUse[index.PackCount];
        Kept = new(index.Positions);
    }

    /// <summary>The copies that stay, by position.</summary>
    internal BitColumn Kept { get; }

    internal PruneTally Used { get; private set; }

    internal PruneTally Duplicate { get; private set; }

    internal PruneTally Unused { get; private set; }

    /// <param name="used">Where <see cref="BlobIndex.Find"/> finds them.</param>
    /// <exception cref="VaultException"><see cref="VaultFault.Damaged"/> where a blob is needed whose packs are gone.</exception>
    internal static PruneSurvey Of(BlobIndex index, StoredPacks packs, BitColumn used)
    {
        var survey = new PruneSurvey(index, packs);
        for (var pack = 0; pack < index.PackCount; pack++)
        {
            survey.Count(pack, used);
        }

        var taken = new BitColumn(index.Positions);
        foreach (var pack in survey.InOrderOfPreference())
        {
            survey.Choose(pack, used, taken);
        }

        if (packs.AnyMissing)
        {
            survey.DemandAll(used, taken);
        }

        return survey;
    }

    internal ref readonly PackUse UseOf(int pack) => ref uses[pack];

    /// <summary>What of it is needed, if of each blob this copy is the one.</summary>
    private void Count(int pack, BitColumn used)
    {
        ref var use = ref uses[pack];
        var (position, end) = index.RangeOf(pack);
        for (; position < end; position++)
        {
            if (index.IsBlob(position))
            {
                var entry = index.EntryAt(position);
                if (used[index.Find(entry.Name)])
                {
                    use.UsedBytes += entry.Length;
                }
                else
                {
                    use.UnusedBytes += entry.Length;
                }
            }
        }
    }

    /// <summary>Packs that are there: those that nobody wants to remove first, and of them those of which most is needed.</summary>
    private IEnumerable<int> InOrderOfPreference() => Enumerable.Range(0, index.PackCount)
        .Where(packs.Has)
        .OrderBy(p => !index.MarkedPacks.ContainsKey(p) ? 0 : index.IsListed(p) ? 1 : 2)
        .ThenBy(p => uses[p].UnusedShare)
        .ThenBy(index.PackIdOf);

    private void Choose(int pack, BitColumn used, BitColumn taken)
    {
        var use = new PackUse();
        var (position, end) = index.RangeOf(pack);
        for (; position < end; position++)
        {
            if (!index.IsBlob(position))
            {
                continue;
            }

            var entry = index.EntryAt(position);
            var first = index.Find(entry.Name);
            var tally = new PruneTally(0, 1, entry.Length);
            use.HasTrees |= entry.Name.Kind == Format.BlobKind.Tree;
            use.HasData |= entry.Name.Kind == Format.BlobKind.Data;
            if (used[first] && taken.Set(first))
            {
                Kept.Set(position);
                use.UsedBlobs++;
                use.UsedBytes += entry.Length;
                Used += tally;
                continue;
            }

            use.UnusedBlobs++;
            use.UnusedBytes += entry.Length;
            if (used[first])
            {
                Duplicate += tally;
            }
            else
            {
                Unused += tally;
            }
        }

        uses[pack] = use;
    }

    private void DemandAll(BitColumn used, BitColumn taken)
    {
        for (var position = 0; position < index.Positions; position++)
        {
            if (used[position] && !taken[position])
            {
                throw UsedBlobs.Refusal($"pack {index.PlaceAt(position).Pack.Short}, which a snapshot needs, is gone");
            }
        }
    }
}
