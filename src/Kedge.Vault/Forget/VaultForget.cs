using System.Collections.Concurrent;
using Kedge.Vault.Format;

namespace Kedge.Vault.Forget;

/// <summary>
/// Forgets snapshots: their files are removed. Their content stays until it is pruned. Needs the right to remove
/// snapshots, which a backed-up machine should not have.
/// </summary>
/// <remarks>
/// The caller holds a lock, a shared one at least: a restic that prunes holds an exclusive one. Whoever has a
/// memory of the vault tells it before.
/// </remarks>
public static class VaultForget
{
    private const int MostAtOnce = 8;

    /// <summary>Removes snapshots. After a refusal by the storage it goes on with the rest, except where it was denied: then the rest would be too.</summary>
    /// <param name="onRemoved">Called from any thread.</param>
    public static async Task<ForgetOutcome> RemoveAsync(
        VaultRepository vault, IReadOnlyCollection<ObjectId> snapshots, Action<ObjectId>? onRemoved, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(vault);
        ArgumentNullException.ThrowIfNull(snapshots);
        var removed = new ConcurrentBag<ObjectId>();
        var kept = new ConcurrentBag<(ObjectId Id, VaultException Problem)>();
        VaultException? denied = null;
        var options = new ParallelOptions
        {
            MaxDegreeOfParallelism = Math.Min(MostAtOnce, vault.Backend.Traits.Connections),
            CancellationToken = cancellation,
        };
        await Parallel.ForEachAsync(snapshots.Distinct(), options, async (id, token) =>
        {
            try
            {
                if (Volatile.Read(ref denied) is { } earlier)
                {
                    throw earlier;
                }

                await vault.Backend.RemoveAsync(new(ObjectKind.Snapshot, id), token);
                removed.Add(id);
                onRemoved?.Invoke(id);
            }
            catch (VaultException problem) when (problem.Fault == VaultFault.NotFound)
            {
                removed.Add(id);
                onRemoved?.Invoke(id);
            }
            catch (VaultException problem)
            {
                if (problem.Fault == VaultFault.Denied)
                {
                    Volatile.Write(ref denied, problem);
                }

                kept.Add((id, problem));
            }
        });
        return new([.. removed.Order()], [.. kept.OrderBy(k => k.Id)]);
    }
}
