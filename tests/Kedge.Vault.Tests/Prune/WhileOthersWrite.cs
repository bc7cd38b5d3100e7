using Kedge.Vault.Backup;
using Kedge.Vault.Format;
using Kedge.Vault.Locking;
using Kedge.Vault.Prune;
using Kedge.Vault.Snapshots;
using Kedge.Vault.Tests.Backup;
using Kedge.Vault.Tests.Upkeep;
using Xunit;

namespace Kedge.Vault.Tests.Prune;

/// <summary>Backups that are underway while somebody prunes.</summary>
public sealed class WhileOthersWrite
{
    private static readonly PruneWanted AllUnused = new() { MaxUnused = UnusedLimit.Parse("0") };

    [Theory]
    [InlineData("0.14")]
    [InlineData("0.18")]
    public async Task Stock_restic_loses_nothing(string version)
    {
        await using var ground = await UpkeepGround.MakeAsync();
        using var restic = ground.Folder.Restic(version);
        for (var round = 0; round < 3; round++)
        {
            ground.Write("a", 2_000_000, content: round % 2);
            await ground.ForgetAsync(await ground.BackUpAsync());
            // What it needs is what the prune is about to give up.
            var backup = restic.RunAsync("backup", ground.Files);
            while (!backup.IsCompleted)
            {
                await ground.PruneAsync(AllUnused);
            }

            (await backup).Succeeded();
            await ground.DemandChecksAsync();
        }

        (await restic.RunAsync("check", "--read-data")).Succeeded();
    }

    [Fact]
    public async Task A_backup_that_slept_writes_no_snapshot_of_what_was_given_up()
    {
        await using var ground = await UpkeepGround.MakeAsync();
        var content = new byte[2_000_000];
        new Random(9).NextBytes(content);
        var first = await BackUpAsync(ground, new MemoryStream(content), null);
        await ground.ForgetAsync(first);

        await using var taken = await VaultLock.AcquireAsync(ground.Vault, new("laptop", "bob", 5, 0, 0), exclusive: false, TimeSpan.Zero, CancellationToken.None);
        var asleep = new SleepingStream(content, () =>
        {
            ground.Clock.Forward(TimeSpan.FromHours(1));
            Assert.True(ground.PruneAsync(AllUnused).GetAwaiter().GetResult().Marked.Packs > 0);
        });
        var problem = await Assert.ThrowsAsync<VaultException>(() => BackUpAsync(ground, asleep, taken));
        Assert.Equal(VaultFault.Damaged, problem.Fault);
        Assert.Empty(await ground.Vault.ListAsync(ObjectKind.Snapshot, CancellationToken.None));

        await BackUpAsync(ground, new MemoryStream(content), null);
        ground.Clock.Forward(TimeSpan.FromDays(2));
        await ground.PruneAsync(AllUnused);
        await ground.DemandChecksAsync();
    }

    private static async Task<StoredSnapshot> BackUpAsync(UpkeepGround ground, Stream stream, VaultLock? taken)
    {
        var wanted = new BackupWanted { Paths = ["dump"u8.ToArray()], Stream = stream, Hostname = "laptop", Username = "bob" };
        var outcome = await VaultBackup.RunAsync(ground.Vault, wanted, taken, CancellationToken.None);
        return new(outcome.Snapshot!.Value, outcome.File);
    }

    /// <summary>Something happens when all of it has been read.</summary>
    private sealed class SleepingStream(byte[] content, Action atEnd) : GivenStream
    {
        private int read;
        private bool hasSlept;

        public override int Read(Span<byte> buffer)
        {
            if (read == content.Length && !hasSlept)
            {
                hasSlept = true;
                atEnd();
            }

            var part = Math.Min(buffer.Length, content.Length - read);
            content.AsSpan(read, part).CopyTo(buffer);
            read += part;
            return part;
        }
    }
}
