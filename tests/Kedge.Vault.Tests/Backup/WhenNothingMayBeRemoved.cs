using Kedge.Vault.Backup;
using Kedge.Vault.Format;
using Kedge.Vault.Locking;
using Kedge.Vault.Tests.Backends;
using Kedge.Vault.Tests.Interop;
using Kedge.Vault.Tests.Servers;
using Kedge.Vault.Tests.Snapshots;
using Xunit;

namespace Kedge.Vault.Tests.Backup;

/// <summary>A machine that may only add to its vault: backups work, and it cannot destroy one.</summary>
public sealed class WhenNothingMayBeRemoved
{
    [Fact]
    public async Task A_rest_server_in_append_only_mode_takes_backups()
    {
        await using var server = await RestServer.StartAsync("--append-only");
        await using var vault = await server.InitAsync(TimeProvider.System);
        await BackUpTwiceAsync(vault);
        Assert.Empty(await vault.ListAsync(ObjectKind.Lock, CancellationToken.None));
        using var restic = new Restic("0.18", $"rest:{server.Address}vault/", FolderVault.Password);
        (await restic.RunAsync("check", "--read-data")).Succeeded();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_bucket_without_the_right_to_delete_takes_backups(bool locksMayBeDeleted)
    {
        var gateway = await SharedServers.RadosGatewayAsync();
        var (bucket, guest) = (SharedServers.NewName(), await gateway.AddUserAsync());
        await using var owner = await VaultRepository.InitAsync(
            gateway.Location(bucket).Open(new() { Environment = gateway.Owner.Variable }, TimeProvider.System), FolderVault.New(), TimeProvider.System, CancellationToken.None);
        await gateway.LetAddAsync(bucket, guest, locksMayBeDeleted);

        await using var vault = await VaultRepository.OpenAsync(
            gateway.Location(bucket).Open(new() { Environment = guest.Variable }, TimeProvider.System), FolderVault.Password.AsMemory(), TimeProvider.System, CancellationToken.None);
        await BackUpTwiceAsync(vault);
        // Locks that stay go stale by themselves.
        Assert.Equal(locksMayBeDeleted ? 0 : 2, (await owner.ListAsync(ObjectKind.Lock, CancellationToken.None)).Count);
    }

    private static async Task BackUpTwiceAsync(VaultRepository vault)
    {
        await using var scratch = new Scratch();
        var data = scratch["data"];
        EveryKind.Make(data);
        (ObjectId, SnapshotFile)? parent = null;
        foreach (var text in new[] { "one", "another" })
        {
            await File.WriteAllTextAsync(Path.Join(data, "files", "small"), text);
            await using var taken = await VaultLock.BeginAsync(vault, new("harbour", "ann", Environment.ProcessId, 0, 0), exclusive: false, TimeSpan.Zero, CancellationToken.None);
            var outcome = await VaultBackup.RunAsync(vault, Runs.Backup(data) with { Parent = parent }, taken, CancellationToken.None);
            Assert.Equal(0, outcome.Problems);
            parent = (outcome.Snapshot!.Value, outcome.File);
        }

        foreach (var kind in new[] { ObjectKind.Snapshot, ObjectKind.Pack, ObjectKind.Index, ObjectKind.Key })
        {
            foreach (var stored in await vault.ListAsync(kind, CancellationToken.None))
            {
                await TestBackends.FailsAsync(VaultFault.Denied, () => vault.Backend.RemoveAsync(stored.Name, CancellationToken.None));
            }
        }

        (await vault.RestoreAsync(parent!.Value.Item2.Tree, scratch["restored"])).WithoutProblems();
        SeenTree.MustBeSame(data, scratch["restored"] + data);
    }
}
