using System.Security.Cryptography;
using Kedge.Vault.Backup;
using Kedge.Vault.Browse;
using Kedge.Vault.Tests.Interop;
using Kedge.Vault.Tests.Snapshots;
using Xunit;

namespace Kedge.Vault.Tests.Backup;

/// <summary>A stream is backed up as one file, without one in between, and comes back as it was.</summary>
public sealed class Streams
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2 << 20)]
    [InlineData(10_000_000)]
    public async Task Restic_dumps_the_same_bytes(int length)
    {
        await using var vault = await FolderVault.MakeAsync();
        var content = EveryKind.Content(length, 1);
        var backup = await BackUpAsync(vault, new Trickle(content));
        Assert.Equal(length, (long)backup.Summary.TotalBytesProcessed);
        using var restic = vault.Restic("0.18");
        (await restic.RunAsync("dump", "--target", vault.Beside("dumped"), "latest", "/dump.sql")).Succeeded();
        Assert.Equal(content, await File.ReadAllBytesAsync(vault.Beside("dumped")));
        (await restic.RunAsync("check", "--read-data")).Succeeded();
        (await vault.RestoreAsync(backup, vault.Beside("restored"))).WithoutProblems();
        Assert.Equal(content, await File.ReadAllBytesAsync(Path.Join(vault.Beside("restored"), "dump.sql")));
        Assert.Equal(["/dump.sql"], backup.Outcome.File.Paths);
    }

    [Fact]
    public async Task Three_hundred_megabytes_pass_through()
    {
        await using var vault = await FolderVault.MakeAsync();
        using var generated = new Generated(300_000_000);
        var backup = await BackUpAsync(vault, generated);
        Assert.Equal(300_000_000, (long)backup.Summary.TotalBytesProcessed);
        using var hash = SHA256.Create();
        await using (var target = new CryptoStream(Stream.Null, hash, CryptoStreamMode.Write))
        {
            var index = await vault.Vault.LoadIndexAsync(CancellationToken.None);
            await VaultDump.RunAsync(vault.Vault, index, backup.Outcome.File.Tree, "/dump.sql"u8.ToArray(), new(), target, CancellationToken.None);
        }

        Assert.Equal(generated.Hash, Convert.ToHexString(hash.Hash!));
    }

    [Fact]
    public async Task One_that_breaks_off_leaves_no_snapshot_and_what_was_stored()
    {
        await using var vault = await FolderVault.MakeAsync();
        var content = EveryKind.Content(50_000_000, 1);
        var problem = await Assert.ThrowsAsync<VaultException>(() => BackUpAsync(vault, new Trickle(content) { BreaksAt = 40_000_000 }));
        Assert.Equal(VaultFault.Unavailable, problem.Fault);
        Assert.Empty((await vault.ListAsync()).Snapshots);
        await vault.MustBeSoundAsync();
        var again = await BackUpAsync(vault, new Trickle(content));
        Assert.InRange((long)again.Summary.DataAdded, 10_000_000, 30_000_000);
    }

    [Fact]
    public async Task One_that_is_given_up_leaves_no_snapshot()
    {
        await using var vault = await FolderVault.MakeAsync();
        using var stop = new CancellationTokenSource();
        var stream = new Trickle(EveryKind.Content(10_000_000, 1)) { Then = (5_000_000, stop.Cancel) };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => VaultBackup.RunAsync(vault.Vault, Wanted(stream), null, stop.Token));
        Assert.Empty((await vault.ListAsync()).Snapshots);
    }

    [Fact]
    public async Task The_same_stream_again_adds_nothing()
    {
        await using var vault = await FolderVault.MakeAsync();
        var content = EveryKind.Content(5_000_000, 1);
        await BackUpAsync(vault, new Trickle(content));
        var again = await BackUpAsync(vault, new Trickle(content));
        Assert.Equal(0UL, again.Summary.DataBlobs);
    }

    private static BackupWanted Wanted(Stream stream) => Runs.Backup("dump.sql") with { Stream = stream, Time = DateTimeOffset.UnixEpoch };

    private static async Task<BackupRun> BackUpAsync(FolderVault vault, Stream stream) => (await vault.Vault.BackUpAsync(Wanted(stream))).WithoutProblems();

    /// <summary>Gives its content in pieces of odd sizes, as a pipe does.</summary>
    private sealed class Trickle(byte[] content) : GivenStream
    {
        private readonly Random random = new(1);
        private int at;

        internal int BreaksAt { get; init; } = int.MaxValue;

        internal (int After, Action Act) Then { get; init; } = (int.MaxValue, () => { });

        public override int Read(Span<byte> buffer)
        {
            var count = Math.Min(Math.Min(buffer.Length, content.Length - at), random.Next(1, 100_000));
            if (at + count > BreaksAt)
            {
                throw new IOException("broken pipe");
            }

            content.AsSpan(at, count).CopyTo(buffer);
            at += count;
            if (at > Then.After)
            {
                Then.Act();
            }

            return count;
        }
    }

    /// <summary>Text that compresses, and of which no piece is like another.</summary>
    private sealed class Generated(long length) : GivenStream
    {
        private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private long left = length;
        private ulong state = 88172645463325252;

        internal string Hash => Convert.ToHexString(hash.GetCurrentHash());

        public override int Read(Span<byte> buffer)
        {
            var count = (int)Math.Min(buffer.Length, left);
            for (var at = 0; at < count; at++)
            {
                if (at % 16 == 0)
                {
                    state ^= state << 13;
                    state ^= state >> 7;
                    state ^= state << 17;
                }

                buffer[at] = (byte)('a' + (state >> (at % 4) & 15));
            }

            hash.AppendData(buffer[..count]);
            left -= count;
            return count;
        }

        protected override void Dispose(bool disposing)
        {
            hash.Dispose();
            base.Dispose(disposing);
        }
    }
}
