using Kedge.Vault.Backup;
using Kedge.Vault.Files;
using Kedge.Vault.Locking;
using Kedge.Vault.Prune;
using Kedge.Vault.Snapshots;
using Kedge.Vault.Tests.Upkeep;
using Xunit;

namespace Kedge.Vault.Tests.Prune;

/// <summary>Backups, forgotten snapshots, prunes and time that passes, as they may come.</summary>
public sealed class InAnyOrder
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Whatever_was_not_forgotten_restores(int seed)
    {
        var random = new Random(seed);
        await using var ground = await UpkeepGround.MakeAsync();
        var standing = new List<StoredSnapshot>();
        for (var step = 0; step < 40; step++)
        {
            switch (random.Next(6))
            {
                case 0 or 1:
                    // The same few contents come and go, so that backups find again what is about to be given up.
                    await File.WriteAllBytesAsync(Path.Join(ground.Files, $"{random.Next(4)}"), Content(random.Next(6)));
                    standing.Add(await ground.BackUpAsync());
                    break;
                case 2 when standing.Count > 1:
                    var forgotten = standing[random.Next(standing.Count)];
                    standing.Remove(forgotten);
                    await ground.ForgetAsync(forgotten);
                    break;
                case 3:
                    ground.Clock.Forward(TimeSpan.FromHours(random.Next(1, 30)));
                    break;
                default:
                    await ground.PruneAsync(new() { MaxUnused = UnusedLimit.Parse(random.Next(2) == 0 ? "0" : "5%"), Instant = random.Next(8) == 0 });
                    await ground.DemandChecksAsync();
                    break;
            }
        }

        await ground.DemandSoundAsync();
    }

    [Fact]
    public async Task Two_machines_back_up_while_a_third_prunes_without_any_grace()
    {
        await using var ground = await UpkeepGround.MakeAsync();
        var left = 2;
        var writers = new[] { "one", "two" }.Select(async name =>
        {
            for (var round = 0; round < 6; round++)
            {
                var folder = Directory.CreateDirectory(ground.Folder.Beside(name)).FullName;
                await File.WriteAllBytesAsync(Path.Join(folder, "file"), Content(round % 2));
                await using var vault = await ground.Folder.OpenAsync(Tests.Snapshots.FolderVault.Password);
                await using var taken = await VaultLock.AcquireAsync(vault, ground.Self with { Hostname = name }, exclusive: false, TimeSpan.Zero, CancellationToken.None);
                var outcome = await VaultBackup.RunAsync(
                    vault, new() { Paths = [PathBytes.Of(folder)], Hostname = name, Username = "ann", Threads = 2, ReadAll = true }, taken, CancellationToken.None);
                if (round < 5)
                {
                    await vault.Backend.RemoveAsync(new(Kedge.Vault.Format.ObjectKind.Snapshot, outcome.Snapshot!.Value), CancellationToken.None);
                }
            }

            Interlocked.Decrement(ref left);
        }).ToList();
        while (Volatile.Read(ref left) > 0 && !writers.Exists(w => w.IsFaulted))
        {
            await ground.PruneAsync(new() { Grace = TimeSpan.Zero, MaxUnused = UnusedLimit.Parse("0") });
        }

        await Task.WhenAll(writers);
        Assert.Equal(2, (await ground.DemandChecksAsync()).Totals.Snapshots);
    }

    private static byte[] Content(int seed)
    {
        var bytes = new byte[300_000];
        new Random(1000 + seed).NextBytes(bytes);
        return bytes;
    }
}
