using Kedge.Vault.Format;
using Kedge.Vault.Indexing;

namespace Kedge.Vault.Packing;

/// <summary>
/// After a time in which others may have taken a writer for dead, and pruned: makes sure that every pack is still there, and
/// not marked for removal, on which it relies.
/// </summary>
internal static class Reassurance
{
    /// <exception cref="VaultException"><see cref="VaultFault.Damaged"/> where something is gone.</exception>
    internal static async Task DemandAsync(VaultRepository vault, BlobIndex index, BlobSession session, CancellationToken cancellation)
    {
        var (now, stored) = await LookAsync(vault, cancellation);
        var gone = session.Reliance.Packs().Select(index.PackIdOf).Concat(session.StoredPacks)
            .Where(id => !stored.Contains(id) || now.PackNumber(id) is not (>= 0 and var number) || now.MarkedPacks.ContainsKey(number)).ToList();
        if (gone.Count > 0)
        {
            throw Refusal(gone.Count);
        }
    }

    /// <summary>Which of the packs that a writer has stored and not listed yet it may not list any more: they are gone, or
    /// somebody has seen them and may be about to remove them, as what a dead writer left.</summary>
    internal static async Task<HashSet<ObjectId>> FindLostAsync(VaultRepository vault, IReadOnlyCollection<ObjectId> packs, CancellationToken cancellation)
    {
        var (now, stored) = await LookAsync(vault, cancellation);
        return [.. packs.Where(id => !stored.Contains(id) || now.Sightings.ContainsKey(id) || now.PackNumbers(id).Any(now.MarkedPacks.ContainsKey))];
    }

    internal static VaultException Refusal(int packs) => new(
        VaultFault.Damaged,
        $"{packs} packs that the new snapshot relies on were removed, or marked for it, while no lock kept them (this machine slept, or the storage was out of reach)",
        "No snapshot was written. Do it again: what is still there is not stored again.");

    /// <summary>The index first: what is not in it any more was removed before, and is missed in the list.</summary>
    private static async Task<(BlobIndex Index, HashSet<ObjectId> Stored)> LookAsync(VaultRepository vault, CancellationToken cancellation)
    {
        var now = await vault.LoadIndexAsync(cancellation);
        var stored = new HashSet<ObjectId>();
        await foreach (var pack in vault.Backend.ListAsync(ObjectKind.Pack, cancellation))
        {
            stored.Add(pack.Name.Id);
        }

        return (now, stored);
    }
}
