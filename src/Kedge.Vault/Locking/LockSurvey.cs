using Kedge.Vault.Format;

namespace Kedge.Vault.Locking;

/// <summary>A lock that is in the vault; <see cref="File"/> is null where it cannot be read.</summary>
public sealed record StandingLock(ObjectId Id, LockFile? File);

/// <summary>Looks which locks there are.</summary>
public static class LockSurvey
{
    /// <summary>A lock that is refreshed bears another name afterwards. Nobody's is refreshed at each look.</summary>
    private const int MostLooks = 5;

    /// <summary>All locks. Empty ones are left out: an upload that was torn by a crash.</summary>
    public static async Task<List<StandingLock>> ListAsync(VaultRepository vault, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(vault);
        for (var look = 1; ; look++)
        {
            var (standing, anyWent) = await LookAsync(vault, cancellation);
            if (!anyWent || look == MostLooks)
            {
                return standing;
            }
        }
    }

    /// <returns>Also whether a lock went while the others were read: released, or refreshed, and then it stands under a name
    /// that was not listed.</returns>
    private static async Task<(List<StandingLock> Standing, bool AnyWent)> LookAsync(VaultRepository vault, CancellationToken cancellation)
    {
        var (standing, anyWent) = (new List<StandingLock>(), false);
        foreach (var stored in (await vault.ListAsync(ObjectKind.Lock, cancellation)).Where(s => s.Length > 0))
        {
            try
            {
                standing.Add(new(stored.Name.Id, LockFile.Parse(await vault.LoadAsync(ObjectKind.Lock, stored.Name.Id, cancellation))));
            }
            catch (VaultException problem) when (problem.Fault == VaultFault.NotFound)
            {
                anyWent = true;
            }
            catch (VaultException problem) when (problem.Fault == VaultFault.Damaged)
            {
                standing.Add(new(stored.Name.Id, null));
            }
        }

        return (standing, anyWent);
    }

    /// <summary>Whether its holder has not refreshed it for half an hour, or is a process of this machine that has ended.</summary>
    public static bool IsStale(LockFile lockFile, LockHolder self, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(lockFile);
        ArgumentNullException.ThrowIfNull(self);
        return IsOld(lockFile, now) || self.IsDead(lockFile);
    }

    /// <summary>Whether its holder has not refreshed it for half an hour.</summary>
    internal static bool IsOld(LockFile lockFile, DateTimeOffset now) => now - lockFile.Time.ToDateTimeOffset() > VaultLock.StaleAfter;

    /// <summary>Removes stale locks, or all.</summary>
    /// <returns>What was removed.</returns>
    public static async Task<List<StandingLock>> RemoveAsync(VaultRepository vault, LockHolder self, bool all, CancellationToken cancellation)
    {
        var removed = new List<StandingLock>();
        foreach (var standing in await ListAsync(vault, cancellation))
        {
            if (all || (standing.File is not null && IsStale(standing.File, self, vault.Time.GetUtcNow())))
            {
                try
                {
                    await vault.Backend.RemoveAsync(new(ObjectKind.Lock, standing.Id), cancellation);
                    removed.Add(standing);
                }
                catch (VaultException problem) when (problem.Fault == VaultFault.NotFound)
                {
                    // Released, or refreshed, since it was listed.
                }
            }
        }

        return removed;
    }

    /// <param name="own">The caller's lock, which does not count.</param>
    /// <returns>Whether the caller's own lock is there.</returns>
    /// <exception cref="VaultException"><see cref="VaultFault.Locked"/>, with who holds a lock that does not go with this one.</exception>
    internal static async Task<bool> DemandFreeAsync(VaultRepository vault, bool exclusive, string purpose, ObjectId? own, CancellationToken cancellation)
    {
        var isThere = false;
        foreach (var standing in await ListAsync(vault, cancellation))
        {
            isThere |= standing.Id == own;
            if (standing.Id == own || (standing.File is { } file && !exclusive && !file.Exclusive && (purpose.Length == 0 || file.Purpose != purpose)))
            {
                continue;
            }

            // restic refuses for stale locks too, and leaves it to people to remove them.
            throw new VaultException(
                VaultFault.Locked,
                standing.File is { } other
                    ? $"the vault is locked{(other.Exclusive ? " exclusively" : other.Purpose.Length > 0 ? $" for {other.Purpose}" : "")} by process {other.ProcessId} of {other.Username} on {other.Hostname} since {other.Time}"
                    : $"the vault has a lock that cannot be read ({standing.Id.Short})",
                "Wait for it (--retry-lock), or, if that process is dead, remove its lock: kedge vault unlock.");
        }

        return isThere;
    }
}
