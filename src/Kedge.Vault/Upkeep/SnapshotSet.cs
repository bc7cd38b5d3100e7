using Kedge.Vault.Format;

namespace Kedge.Vault.Upkeep;

/// <summary>The snapshots of a vault, and those of its snapshot files that are none.</summary>
/// <param name="Snapshots">The oldest first.</param>
internal sealed record SnapshotSet(
    IReadOnlyList<(ObjectId Id, SnapshotFile File)> Snapshots, IReadOnlyList<(ObjectId Id, VaultException Why)> Unreadable)
{
    /// <summary>Reads all of them.</summary>
    internal static async Task<SnapshotSet> LoadAsync(VaultRepository vault, CancellationToken cancellation) =>
        await LoadAsync(vault, [.. (await vault.ListAsync(ObjectKind.Snapshot, cancellation)).Select(s => s.Name.Id)], cancellation);

    /// <summary>Reads these. One that is removed meanwhile is left out.</summary>
    internal static async Task<SnapshotSet> LoadAsync(VaultRepository vault, IReadOnlyCollection<ObjectId> ids, CancellationToken cancellation)
    {
        var gate = new Lock();
        var snapshots = new List<(ObjectId Id, SnapshotFile File)>();
        var unreadable = new List<(ObjectId Id, VaultException Why)>();
        var options = new ParallelOptions { MaxDegreeOfParallelism = vault.Backend.Traits.Connections, CancellationToken = cancellation };
        await Parallel.ForEachAsync(ids, options, async (id, token) =>
        {
            try
            {
                var file = SnapshotFile.Parse(await vault.LoadAsync(ObjectKind.Snapshot, id, token));
                lock (gate)
                {
                    snapshots.Add((id, file));
                }
            }
            catch (VaultException problem) when (problem.Fault == VaultFault.Damaged)
            {
                lock (gate)
                {
                    unreadable.Add((id, problem));
                }
            }
            catch (VaultException problem) when (problem.Fault == VaultFault.NotFound)
            {
                // Forgotten since it was listed.
            }
        });
        snapshots.Sort((a, b) => a.File.Time.CompareTo(b.File.Time) is not 0 and var order ? order : a.Id.CompareTo(b.Id));
        return new(snapshots, unreadable);
    }
}
