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
        var now = await vault.LoadIndexAsync(cancellation);
        var stored = new HashSet<ObjectId>();
        await foreach (var pack in vault.Backend.ListAsync(ObjectKind.Pack, cancellation))
        {
            stored.Add(pack.Name.Id);
        }

        var gone = session.Reliance.Packs().Select(index.PackIdOf).Concat(session.StoredPacks)
            .Where(id => !stored.Contains(id) || now.PackNumber(id) is not (>= 0 and var number) || now.MarkedPacks.ContainsKey(number)).ToList();
        if (gone.Count > 0)
        {
            throw new VaultException(
                VaultFault.Damaged,
                $"{gone.Count} packs that the new snapshot relies on were removed, or marked for it, while no lock kept them (this machine slept, or the storage was out of reach)",
                "No snapshot was written. Do it again: what is still there is not stored again.");
        }
    }
}
