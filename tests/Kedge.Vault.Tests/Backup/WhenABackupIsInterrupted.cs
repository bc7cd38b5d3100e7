using Kedge.Vault.Backends;
using Kedge.Vault.Backup;
using Kedge.Vault.Format;
using Kedge.Vault.Locking;
using Kedge.Vault.Packing;
using Kedge.Vault.Tests.Interop;
using Kedge.Vault.Tests.Snapshots;
using Xunit;

namespace Kedge.Vault.Tests.Backup;

/// <summary>Whatever ends a backup before its end: no snapshot, no lock, and the next one goes on from what was stored.</summary>
public sealed class WhenABackupIsInterrupted
{
    private const int Files = 40;
    private const int FileSize = 2_000_000;

    [Fact]
    public async Task Given_up_it_goes_on_from_what_was_stored()
    {
        using var stop = new CancellationTokenSource();
        var stored = 0;
        await InterruptAsync(
            backend => backend.AfterSaving = name =>
            {
                if (name.Kind == ObjectKind.Pack && Interlocked.Increment(ref stored) == 2)
                {
                    stop.Cancel();
                }
            },
            async (vault, wanted, taken) => await Assert.ThrowsAnyAsync<OperationCanceledException>(() => VaultBackup.RunAsync(vault, wanted, taken, stop.Token)));
    }

    [Theory]
    [InlineData(VaultFault.NoSpace)]
    [InlineData(VaultFault.Denied)]
    public async Task Refused_by_the_storage_it_goes_on_from_what_was_stored(VaultFault fault)
    {
        var stored = 0;
        await InterruptAsync(
            backend => backend.BeforeSaving = name =>
            {
                if (name.Kind == ObjectKind.Pack && Interlocked.Increment(ref stored) >= 3)
                {
                    throw new VaultException(fault, "as a test has it");
                }
            },
            async (vault, wanted, taken) => Assert.Equal(fault, (await Assert.ThrowsAsync<VaultException>(() => VaultBackup.RunAsync(vault, wanted, taken, CancellationToken.None))).Fault));
    }

    [Fact]
    public async Task With_a_callers_fault_it_goes_on_from_what_was_stored()
    {
        var told = 0;
        await InterruptAsync(
            _ => { },
            async (vault, wanted, taken) =>
            {
                wanted = wanted with { OnAct = (_, _, _) => Ignore(Interlocked.Increment(ref told) < 30 ? 0 : throw new InvalidOperationException("a caller's own")) };
                await Assert.ThrowsAsync<InvalidOperationException>(() => VaultBackup.RunAsync(vault, wanted, taken, CancellationToken.None));
            });

        static void Ignore(int number) => _ = number;
    }

    [Fact]
    public async Task What_could_not_be_listed_is_listed_with_the_next_index_file()
    {
        await using var made = await FolderVault.MakeAsync();
        var backend = Watch(made);
        await using var vault = await VaultRepository.OpenAsync(backend, FolderVault.Password.AsMemory(), TimeProvider.System, CancellationToken.None);
        var pending = new PendingIndex(vault, null);
        var blob = new BlobEntry(new(BlobKind.Data, ObjectId.Of("blob"u8)), 0, 100, 0);
        pending.Add(ObjectId.Of("pack"u8), [blob]);
        backend.BeforeSaving = _ => throw new VaultException(VaultFault.Unavailable, "as a test has it");
        Assert.Throws<VaultException>(() => pending.Write(CancellationToken.None));
        backend.BeforeSaving = null;
        pending.Write(CancellationToken.None);
        Assert.True((await vault.LoadIndexAsync(CancellationToken.None)).Contains(blob.Name));
        Assert.Single(pending.Written);
    }

    private static async Task InterruptAsync(Action<WatchedBackend> prepare, Func<VaultRepository, BackupWanted, VaultLock, Task> interrupt)
    {
        await using var made = await FolderVault.MakeAsync();
        var data = made.Beside("data");
        using (var top = HandMade.At(data))
        {
            for (var number = 0; number < Files; number++)
            {
                top.File($"{number}", EveryKind.Content(FileSize, number));
            }
        }

        var backend = Watch(made);
        prepare(backend);
        await using (var vault = await VaultRepository.OpenAsync(backend, FolderVault.Password.AsMemory(), TimeProvider.System, CancellationToken.None))
        {
            await using var taken = await VaultLock.BeginAsync(vault, new("harbour", "ann", Environment.ProcessId, 0, 0), exclusive: false, TimeSpan.Zero, CancellationToken.None);
            await interrupt(vault, Runs.Backup(data), taken);
        }

        Assert.Empty((await made.ListAsync()).Snapshots);
        Assert.Empty(await made.Vault.ListAsync(ObjectKind.Lock, CancellationToken.None));
        var packs = await made.Vault.ListAsync(ObjectKind.Pack, CancellationToken.None);
        var index = await made.Vault.LoadIndexAsync(CancellationToken.None);
        Assert.NotEmpty(packs);
        Assert.Equal(packs.Select(p => p.Name.Id).Order(), index.Packs().Select(p => p.Pack).Order());
        await made.MustBeSoundAsync();

        var stored = index.Packs().SelectMany(p => p.Blobs).Where(b => b.Name.Kind == BlobKind.Data).Sum(b => b.ContentLength);
        var again = (await made.BackUpAsync(data)).WithoutProblems();
        Assert.InRange((long)again.Summary.DataAdded, 0, ((long)Files * FileSize) - stored + 100_000);
        (await made.RestoreAsync(again, made.Beside("restored"))).WithoutProblems();
        SeenTree.MustBeSame(data, made.Beside("restored") + data);
    }

    private static WatchedBackend Watch(FolderVault vault) => new(VaultLocation.Parse(vault.Path).OpenBare(new(), TimeProvider.System));
}
