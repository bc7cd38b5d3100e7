using Kedge.Vault.Backends;
using Kedge.Vault.Backup;
using Kedge.Vault.Format;
using Kedge.Vault.Locking;
using Kedge.Vault.Prune;
using Kedge.Vault.Tests.Backup;
using Kedge.Vault.Tests.Snapshots;
using Kedge.Vault.Tests.Upkeep;
using Xunit;

namespace Kedge.Vault.Tests.Prune;

/// <summary>
/// A machine falls asleep in the midst of a backup, with packs stored that no index lists yet, and wakes up days later.
/// Others have taken its lock for stale, and what it left for the remains of the dead.
/// </summary>
public sealed class WhileAWriterSleeps
{
    private static readonly LockHolder Laptop = new("laptop", "bob", 5, 0, 0);

    private static CancellationToken Ends => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_it_had_stored_and_is_gone_is_listed_nowhere_so_that_nobody_relies_on_it()
    {
        await using var vault = await UpkeepGround.MakeAsync();
        var content = Content(1);
        var problem = await Assert.ThrowsAsync<VaultException>(() => BackUpAsync(vault, content, async () =>
        {
            await FirstPackAsync(vault);
            vault.Clock.Forward(TimeSpan.FromHours(1));
            await vault.PruneAsync(new() { MaxUnused = UnusedLimit.Parse("0") });
            vault.Clock.Forward(TimeSpan.FromDays(2));
            Assert.True((await vault.PruneAsync(new() { MaxUnused = UnusedLimit.Parse("0") })).Removed.Packs > 0);
        }));
        Assert.Equal(VaultFault.Damaged, problem.Fault);

        await BackUpAsync(vault, content, () => Task.CompletedTask);
        await vault.DemandChecksAsync();
    }

    [Fact]
    public async Task Where_it_wakes_up_just_when_its_packs_are_being_removed_it_does_not_rely_on_them()
    {
        await using var vault = await UpkeepGround.MakeAsync();
        var content = Content(2);
        using var asleep = new SemaphoreSlim(0);
        using var awake = new SemaphoreSlim(0);
        var backup = BackUpAsync(vault, content, async () =>
        {
            await FirstPackAsync(vault);
            asleep.Release();
            await awake.WaitAsync(Ends);
        });
        await asleep.WaitAsync(Ends);
        vault.Clock.Forward(TimeSpan.FromHours(1));
        await vault.PruneAsync(new() { MaxUnused = UnusedLimit.Parse("0") });
        vault.Clock.Forward(TimeSpan.FromDays(2));
        var hasWoken = false;
        var storage = new WatchedBackend(Folder(vault))
        {
            BeforeRemoving = name =>
            {
                if (name.Kind == ObjectKind.Pack && !hasWoken)
                {
                    hasWoken = true;
                    awake.Release();
                    Task.WhenAny(backup).GetAwaiter().GetResult();
                }
            },
        };
        await using (var pruner = await OpenAsync(vault, storage))
        {
            await vault.PruneAsync(pruner, new() { MaxUnused = UnusedLimit.Parse("0") });
        }

        Assert.True(hasWoken);
        Assert.Equal(VaultFault.Damaged, (await Assert.ThrowsAsync<VaultException>(() => backup)).Fault);
        await vault.DemandChecksAsync();
        await BackUpAsync(vault, content, () => Task.CompletedTask);
        await vault.DemandChecksAsync();
    }

    [Fact]
    public async Task Where_somebody_took_its_lock_away_and_pruned_no_snapshot_is_written()
    {
        await using var vault = await UpkeepGround.MakeAsync();
        var content = Content(4);
        await vault.Vault.Backend.RemoveAsync(new(ObjectKind.Snapshot, await BackUpAsync(vault, content, () => Task.CompletedTask)), Ends);
        var problem = await Assert.ThrowsAsync<VaultException>(() => BackUpAsync(vault, content, async () =>
        {
            await LockSurvey.RemoveAsync(vault.Vault, vault.Self, all: true, Ends);
            await vault.PruneAsync(vault.Vault, new() { Instant = true });
        }));
        Assert.Equal(VaultFault.Damaged, problem.Fault);
        Assert.Empty(await vault.Vault.ListAsync(ObjectKind.Snapshot, Ends));
    }

    [Fact]
    public async Task Where_somebody_has_the_vault_alone_by_then_nothing_is_listed()
    {
        await using var vault = await UpkeepGround.MakeAsync();
        VaultLock? alone = null;
        var problem = await Assert.ThrowsAsync<VaultException>(() => BackUpAsync(vault, Content(3), async () =>
        {
            await FirstPackAsync(vault);
            vault.Clock.Forward(TimeSpan.FromHours(1));
            await LockSurvey.RemoveAsync(vault.Vault, vault.Self, all: false, Ends);
            alone = await VaultPrune.LockAsync(vault.Vault, vault.Self, instant: true, TimeSpan.Zero, Ends);
        }));
        await alone!.DisposeAsync();
        Assert.Equal(VaultFault.Locked, problem.Fault);
        Assert.Empty(await vault.Vault.ListAsync(ObjectKind.Index, Ends));
        Assert.Empty(await vault.Vault.ListAsync(ObjectKind.Snapshot, Ends));
    }

    /// <summary>More than a pack.</summary>
    private static byte[] Content(int seed)
    {
        var content = new byte[40_000_000];
        new Random(seed).NextBytes(content);
        return content;
    }

    /// <summary>Until a full pack is stored; the rest waits for more.</summary>
    private static async Task FirstPackAsync(UpkeepGround vault)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while ((await vault.PacksAsync()).Count == 0)
        {
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(60), "no pack was stored");
            await Task.Delay(5, Ends);
        }
    }

    private static async Task<ObjectId> BackUpAsync(UpkeepGround vault, byte[] content, Func<Task> atEnd)
    {
        await using var taken = await VaultLock.AcquireAsync(vault.Vault, Laptop, exclusive: false, TimeSpan.Zero, Ends);
        await using var stream = new StreamThatWaits(content, atEnd);
        return (await VaultBackup.RunAsync(
            vault.Vault, new() { Paths = ["dump"u8.ToArray()], Stream = stream, Hostname = "laptop", Username = "bob" }, taken, Ends)).Snapshot!.Value;
    }

    private static IBackend Folder(UpkeepGround vault) => VaultLocation.Parse(vault.Folder.Path).Open(new() { RetryFor = TimeSpan.Zero }, vault.Clock);

    private static Task<VaultRepository> OpenAsync(UpkeepGround vault, WatchedBackend storage) =>
        VaultRepository.OpenAsync(storage, FolderVault.Password.AsMemory(), vault.Clock, Ends);

    /// <summary>Something happens before it says that it ends.</summary>
    private sealed class StreamThatWaits(byte[] content, Func<Task> atEnd) : MemoryStream(content)
    {
        private bool hasEnded;

        public override int Read(byte[] buffer, int offset, int count)
        {
            if (Position == Length && !hasEnded)
            {
                hasEnded = true;
                atEnd().GetAwaiter().GetResult();
            }

            return base.Read(buffer, offset, count);
        }
    }
}
