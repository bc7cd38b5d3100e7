using Kedge.Vault.Backup;
using Kedge.Vault.Format;
using Kedge.Vault.Locking;
using Kedge.Vault.Tests.Servers;
using Kedge.Vault.Tests.Snapshots;
using Kedge.Vault.Tests.Upkeep;
using Xunit;

namespace Kedge.Vault.Tests.Prune;

/// <summary>Backups that are underway while somebody prunes.</summary>
public sealed class WhileOthersWrite
{
    [Theory]
    [InlineData("0.14")]
    [InlineData("0.18")]
    public async Task Stock_restic_loses_nothing(string version)
    {
        await using var vault = await TendedVault.MakeAsync();
        using var restic = new Restic(version, vault.Path, FolderVault.Password);
        for (var round = 0; round < 3; round++)
        {
            vault.Write("a", round % 2, 2_000_000);
            var forgotten = await vault.BackUpAsync();
            await vault.ForgetAsync(forgotten);
            // What it needs is what the prune is about to give up.
            var backup = restic.RunAsync("backup", vault.Data);
            while (!backup.IsCompleted)
            {
                await vault.PruneAsync();
            }

            (await backup).Succeeded();
            await vault.DemandSoundAsync();
        }

        (await restic.RunAsync("check", "--read-data")).Succeeded();
    }

    [Fact]
    public async Task A_backup_that_slept_writes_no_snapshot_of_what_was_given_up()
    {
        await using var vault = await TendedVault.MakeAsync();
        var content = new byte[2_000_000];
        new Random(9).NextBytes(content);
        var first = await BackUpAsync(vault, new MemoryStream(content), null);
        await vault.ForgetAsync(first);

        await using var taken = await VaultLock.AcquireAsync(vault.Vault, new("laptop", "bob", 5, 0, 0), exclusive: false, TimeSpan.Zero, CancellationToken.None);
        var asleep = new SleepingStream(content, () =>
        {
            vault.Clock.Forward(TimeSpan.FromHours(1));
            Assert.True(vault.PruneAsync().GetAwaiter().GetResult().Marked.Packs > 0);
        });
        var problem = await Assert.ThrowsAsync<VaultException>(() => BackUpAsync(vault, asleep, taken));
        Assert.Equal(VaultFault.Damaged, problem.Fault);
        Assert.Equal(0, await vault.CountAsync(ObjectKind.Snapshot));

        await BackUpAsync(vault, new MemoryStream(content), null);
        vault.Clock.Forward(TimeSpan.FromDays(2));
        await vault.PruneAsync();
        await vault.DemandSoundAsync();
    }

    private static async Task<ObjectId> BackUpAsync(TendedVault vault, Stream stream, VaultLock? taken) => (await VaultBackup.RunAsync(
        vault.Vault, new() { Paths = ["dump"u8.ToArray()], Stream = stream, Hostname = "laptop", Username = "bob" }, taken, CancellationToken.None)).Snapshot!.Value;

    /// <summary>Something happens when all of it has been read.</summary>
    private sealed class SleepingStream(byte[] content, Action atEnd) : Stream
    {
        private int read;
        private bool hasSlept;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => read; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            if (read == content.Length && !hasSlept)
            {
                hasSlept = true;
                atEnd();
            }

            var part = Math.Min(count, content.Length - read);
            content.AsSpan(read, part).CopyTo(buffer.AsSpan(offset));
            read += part;
            return part;
        }

        public override void Flush()
        {
            // Nothing is written.
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
