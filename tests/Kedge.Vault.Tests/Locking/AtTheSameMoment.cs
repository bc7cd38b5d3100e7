using Kedge.Vault.Backends;
using Kedge.Vault.Backup;
using Kedge.Vault.Format;
using Kedge.Vault.Locking;
using Kedge.Vault.Prune;
using Kedge.Vault.Tests.Backup;
using Kedge.Vault.Tests.Snapshots;
using Kedge.Vault.Tests.Upkeep;
using Xunit;

namespace Kedge.Vault.Tests.Locking;

/// <summary>Several look for locks, take and refresh them, each between two steps of another.</summary>
public sealed class AtTheSameMoment
{
    private static readonly LockHolder Laptop = new("laptop", "bob", 5, 0, 0);

    private static CancellationToken Ends => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_lock_that_is_refreshed_while_locks_are_read_is_seen()
    {
        await using var vault = await UpkeepGround.MakeAsync();
        await using var held = await VaultLock.AcquireAsync(vault.Vault, Laptop, exclusive: false, TimeSpan.Zero, Ends);
        var reads = 0;
        await using var looking = await OpenAsync(vault, new(Folder(vault))
        {
            BeforeReading = name =>
            {
                if (name.Kind == ObjectKind.Lock && reads++ == 0)
                {
                    held.RefreshAsync(Ends).GetAwaiter().GetResult();
                }
            },
        });
        Assert.Equal("laptop", Assert.Single(await LockSurvey.ListAsync(looking, Ends)).File!.Hostname);
    }

    /// <summary>The pruner looks before the backup's lock is stored, which takes long; the backup begins before the pruner ends.</summary>
    [Fact]
    public async Task A_backup_relies_on_nothing_that_is_being_pruned_by_somebody_who_has_not_seen_its_lock()
    {
        await using var vault = await UpkeepGround.MakeAsync();
        vault.Write("a", 2_000_000);
        await vault.ForgetAsync(await vault.BackUpAsync());
        VaultLock? alone = null;
        var hasPruned = false;
        var storage = new WatchedBackend(Folder(vault))
        {
            BeforeSaving = name =>
            {
                if (name.Kind == ObjectKind.Lock)
                {
                    alone ??= VaultPrune.LockAsync(vault.Vault, vault.Self, instant: true, TimeSpan.Zero, Ends).GetAwaiter().GetResult();
                }
            },
        };
        await using var writer = await OpenAsync(vault, storage);
        var wanted = new BackupWanted
        {
            Paths = [System.Text.Encoding.UTF8.GetBytes(vault.Files)],
            Hostname = "laptop",
            Username = "bob",
            OnAct = (_, _, _) => PruneAsync().GetAwaiter().GetResult(),
        };
        await Assert.ThrowsAsync<VaultException>(BackUpAsync);
        await vault.DemandChecksAsync();
        await PruneAsync();
        await BackUpAsync();
        await vault.DemandChecksAsync();

        async Task BackUpAsync()
        {
            await using var taken = await VaultLock.BeginAsync(writer, Laptop, exclusive: false, TimeSpan.Zero, Ends);
            await VaultBackup.RunAsync(writer, wanted, taken, Ends);
        }

        async Task PruneAsync()
        {
            if (!hasPruned && alone is { } taken)
            {
                hasPruned = true;
                await VaultPrune.RunAsync(vault.Vault, new() { Instant = true }, taken, Ends);
                await taken.DisposeAsync();
            }
        }
    }

    private static IBackend Folder(UpkeepGround vault) => VaultLocation.Parse(vault.Folder.Path).Open(new() { RetryFor = TimeSpan.Zero }, vault.Clock);

    private static Task<VaultRepository> OpenAsync(UpkeepGround vault, WatchedBackend storage) =>
        VaultRepository.OpenAsync(storage, FolderVault.Password.AsMemory(), vault.Clock, Ends);
}
