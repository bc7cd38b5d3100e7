using Kedge.Vault.Locking;

namespace Kedge.Vault.Repair;

/// <summary>What may only be done while nobody else is at work.</summary>
internal static class ExclusiveWork
{
    /// <exception cref="VaultException"><see cref="VaultFault.Misuse"/> without an exclusive lock.</exception>
    internal static void Demand(VaultLock? taken, string what)
    {
        if (taken is not { IsExclusive: true })
        {
            throw new VaultException(VaultFault.Misuse, $"{what} needs an exclusive lock");
        }
    }

    /// <exception cref="VaultException"><see cref="VaultFault.Locked"/> where others may have taken the holder for dead.</exception>
    internal static void DemandSure(VaultLock taken)
    {
        if (taken.HasBeenInDoubt)
        {
            throw new VaultException(
                VaultFault.Locked, "the lock went stale (the machine slept, or the storage was out of reach), so that others may have been at work", "Do it again: it goes on from here.");
        }
    }
}
