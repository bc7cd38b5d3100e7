using Kedge.Vault.Format;
using Kedge.Vault.Snapshots;

namespace Kedge.Vault.Tags;

/// <summary>
/// Changes tags of snapshots. Objects of a vault never change: a snapshot is written anew with everything else that it had,
/// and then the old one is removed.
/// </summary>
/// <remarks>The caller holds a lock, a shared one at least, as for <see cref="Forget.VaultForget"/>.</remarks>
public static class VaultTags
{
    /// <summary>Changes snapshots one after the other. Those whose tags are right already are left alone.</summary>
    /// <returns>What was changed. After a snapshot that could not be removed no other is touched.</returns>
    /// <exception cref="VaultException"><see cref="VaultFault.Misuse"/>; what the storage says when a snapshot is written,
    /// where nothing was lost.</exception>
    public static async Task<IReadOnlyList<RetaggedSnapshot>> ChangeAsync(
        VaultRepository vault, IEnumerable<StoredSnapshot> snapshots, TagChange change, Action<RetaggedSnapshot>? onChanged, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(vault);
        ArgumentNullException.ThrowIfNull(snapshots);
        ArgumentNullException.ThrowIfNull(change);
        change.Demand();
        var all = new List<RetaggedSnapshot>();
        foreach (var snapshot in snapshots)
        {
            if (change.Apply(snapshot.File.Tags) is not { } tags)
            {
                continue;
            }

            // The first id stays known over all changes.
            var file = snapshot.File with { Tags = tags, Original = snapshot.File.Original ?? snapshot.Id };
            var id = await vault.SaveAsync(ObjectKind.Snapshot, file.Write(), cancellation);
            var changed = new RetaggedSnapshot(snapshot.Id, new(id, file), await TryRemoveAsync(vault, snapshot.Id, cancellation));
            all.Add(changed);
            onChanged?.Invoke(changed);
            if (changed.Problem is not null)
            {
                break;
            }
        }

        return all;
    }

    private static async Task<VaultException?> TryRemoveAsync(VaultRepository vault, ObjectId id, CancellationToken cancellation)
    {
        try
        {
            await vault.Backend.RemoveAsync(new(ObjectKind.Snapshot, id), cancellation);
            return null;
        }
        catch (VaultException problem) when (problem.Fault == VaultFault.NotFound)
        {
            // Somebody else was faster.
            return null;
        }
        catch (VaultException problem)
        {
            return problem;
        }
    }
}
