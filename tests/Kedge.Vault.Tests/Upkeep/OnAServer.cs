using Kedge.Vault.Check;
using Kedge.Vault.Copy;
using Kedge.Vault.Format;
using Kedge.Vault.Prune;
using Kedge.Vault.Tests.Servers;
using Kedge.Vault.Tests.Snapshots;
using Xunit;

namespace Kedge.Vault.Tests.Upkeep;

/// <summary>A vault behind a server, where every reading is a round trip.</summary>
public sealed class OnAServer
{
    [Fact]
    public async Task Copies_checks_and_prunes_are_as_in_a_folder()
    {
        await using var ground = await UpkeepGround.MakeAsync();
        for (var folder = 0; folder < 40; folder++)
        {
            ground.WriteMany($"many/{folder}", 5, 700);
        }

        ground.Write("old", 5 << 20);
        var old = await ground.BackUpAsync();
        File.Delete(Path.Join(ground.Files, "old"));
        var kept = await ground.BackUpAsync();
        await using var server = await RestServer.StartAsync();
        await using var target = await server.InitAsync(ground.Clock);
        var copied = (await VaultCopy.RunAsync(ground.Vault, target, new(), null, CancellationToken.None)).Copied;
        Assert.Equal([old.Id, kept.Id], copied.Select(c => c.Source));
        await DemandSoundAsync(target);

        await target.Backend.RemoveAsync(new(ObjectKind.Snapshot, copied[0].Copy!.Value), CancellationToken.None);
        foreach (var _ in Enumerable.Range(0, 2))
        {
            await using var taken = await VaultPrune.LockAsync(target, ground.Self, instant: false, TimeSpan.Zero, CancellationToken.None);
            await VaultPrune.RunAsync(target, new(), taken, CancellationToken.None);
            ground.Clock.Forward(TimeSpan.FromDays(1));
            await taken.RefreshAsync(CancellationToken.None);
        }

        Assert.True((await target.ListAsync(ObjectKind.Pack, CancellationToken.None)).Sum(p => p.Length) < 1 << 20);
        await DemandSoundAsync(target);
        using var restic = new Restic("0.18", $"rest:{new Uri(server.Address, "vault")}/", FolderVault.Password);
        (await restic.RunAsync("check", "--read-data")).Succeeded();
    }

    private static async Task DemandSoundAsync(VaultRepository vault)
    {
        var outcome = await VaultCheck.RunAsync(vault, new() { ReadData = DataShare.All, WithHeaders = true }, CancellationToken.None);
        Assert.True(outcome.IsSound, string.Join('\n', outcome.Findings.Select(f => f.What)));
    }
}
