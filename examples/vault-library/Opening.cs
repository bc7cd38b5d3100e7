using System.Net;
using Kedge.Vault;
using Kedge.Vault.Backends;
using Kedge.Vault.Format;
using Kedge.Vault.Locking;

namespace VaultLibrary;

internal static class Opening
{
    /// <summary>Opens a vault, and makes it where there is none.</summary>
    public static async Task<VaultRepository> OpenAsync(string location, ReadOnlyMemory<char> password, CancellationToken cancellation)
    {
        var time = TimeProvider.System;
        // A folder, s3:https://host/bucket/prefix or rest:https://host/path/. Nothing is read or written yet.
        var storage = VaultLocation.Parse(location).Open(new BackendOptions { RetryFor = TimeSpan.FromMinutes(5) }, time);
        try
        {
            var owner = new KeyOwner(GoTime.From(time.GetUtcNow()), Environment.UserName, Dns.GetHostName());
            return await VaultRepository.ExistsAsync(storage, cancellation)
                ? await VaultRepository.OpenAsync(storage, password, time, cancellation)
                : await VaultRepository.InitAsync(storage, new NewVault { Password = password, Owner = owner }, time, cancellation);
        }
        catch
        {
            // Once it is open the storage belongs to the vault, which disposes of it.
            await storage.DisposeAsync();
            throw;
        }
    }

    /// <summary>Says in the vault that somebody is at work. Several may back up at the same time.</summary>
    public static Task<VaultLock> LockAsync(VaultRepository vault, CancellationToken cancellation) => VaultLock.AcquireAsync(
        vault,
        new LockHolder(Dns.GetHostName(), Environment.UserName, Environment.ProcessId, UserId: 0, GroupId: 0),
        exclusive: false,
        patience: TimeSpan.FromMinutes(1),
        cancellation);
}
