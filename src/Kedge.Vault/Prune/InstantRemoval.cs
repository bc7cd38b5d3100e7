using Kedge.Vault.Indexing;

namespace Kedge.Vault.Prune;

/// <summary>Removes at once what nobody needs, as restic's prune does. The vault is locked exclusively.</summary>
internal sealed class InstantRemoval(VaultRepository vault, BlobIndex index, PackVerdicts verdicts, PackRemoval removal)
{
    /// <param name="emptied">Packs that were repacked.</param>
    internal async Task<PruneOutcome> RunAsync(List<int> emptied, CancellationToken cancellation)
    {
        int[] leaving = [.. verdicts.Mark, .. verdicts.Unlist, .. verdicts.Remove, .. emptied];
        removal.DemandSure();
        await ListRevivedAsync(cancellation);
        // The index first: it shall never list what is gone. Whatever is interrupted in between leaves packs that no index
        // lists, and which the next prune removes.
        await IndexRewriting.RunAsync(
            vault,
            new() { Dropped = leaving.Concat(verdicts.Gone).Select(index.PackIdOf).ToHashSet(), ReplacesMarks = true },
            cancellation);
        await removal.RunAsync(
            [.. leaving.Select(p => (index.PackIdOf(p), removal.Packs.LengthOf(p))), .. verdicts.OrphansToRemove.Select(o => (o.Name.Id, o.Length))], cancellation);
        return new() { Plan = verdicts.Plan, Removed = removal.Removed };
    }

    /// <summary>Marked packs that a snapshot needs after all, before the marks go, which are all that lists them.</summary>
    private async Task ListRevivedAsync(CancellationToken cancellation)
    {
        using var filing = new IndexFiling(vault, cancellation);
        foreach (var pack in verdicts.Revive.Where(p => !index.IsListed(p)))
        {
            filing.Add(index, pack);
            await filing.FlushAsync();
        }

        await filing.FinishAsync();
    }
}
