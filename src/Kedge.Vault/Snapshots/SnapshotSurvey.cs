using System.Collections.Concurrent;
using Kedge.Vault.Format;

namespace Kedge.Vault.Snapshots;

/// <summary>Reads what snapshots there are.</summary>
public static class SnapshotSurvey
{
    private const int MostAtOnce = 16;

    /// <summary>All snapshots, read several at a time. One that goes meanwhile is left out.</summary>
    /// <exception cref="VaultException">The storage failed. What is merely damaged is in the list.</exception>
    public static async Task<SnapshotList> ListAsync(VaultRepository vault, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(vault);
        return await LoadAsync(vault, (await vault.ListAsync(ObjectKind.Snapshot, cancellation)).Select(s => s.Name.Id), cancellation);
    }

    /// <summary>One snapshot.</summary>
    /// <exception cref="VaultException"><see cref="VaultFault.NotFound"/>, <see cref="VaultFault.Damaged"/>, or what the storage says.</exception>
    public static async Task<StoredSnapshot> LoadAsync(VaultRepository vault, ObjectId id, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(vault);
        var json = await vault.LoadAsync(ObjectKind.Snapshot, id, cancellation);
        try
        {
            return new(id, SnapshotFile.Parse(json));
        }
        catch (VaultException problem) when (problem.Fault == VaultFault.Damaged)
        {
            throw new VaultException(VaultFault.Damaged, $"{new ObjectName(ObjectKind.Snapshot, id)}: {problem.Message}", problem.Hint, problem);
        }
    }

    /// <summary>Some snapshots.</summary>
    internal static async Task<SnapshotList> LoadAsync(VaultRepository vault, IEnumerable<ObjectId> ids, CancellationToken cancellation)
    {
        var read = new ConcurrentBag<StoredSnapshot>();
        var damaged = new ConcurrentBag<DamagedSnapshot>();
        var options = new ParallelOptions
        {
            MaxDegreeOfParallelism = Math.Min(MostAtOnce, vault.Backend.Traits.Connections),
            CancellationToken = cancellation,
        };
        await Parallel.ForEachAsync(ids, options, async (id, token) =>
        {
            try
            {
                read.Add(await LoadAsync(vault, id, token));
            }
            catch (VaultException problem) when (problem.Fault == VaultFault.NotFound)
            {
                // Forgotten since it was listed.
            }
            catch (VaultException problem) when (problem.Fault == VaultFault.Damaged)
            {
                damaged.Add(new(id, problem));
            }
        });
        return new([.. read.Order(Comparer<StoredSnapshot>.Create(StoredSnapshot.OlderFirst))], [.. damaged.OrderBy(d => d.Id)]);
    }
}
