using Kedge.Vault.Format;
using Kedge.Vault.Prune;
using Kedge.Vault.Tests.Upkeep;
using Xunit;

namespace Kedge.Vault.Tests.Prune;

/// <summary>What is not needed is marked first, and removed after the grace period.</summary>
public sealed class PruningInTwoPhases
{
    [Fact]
    public async Task Removes_after_the_grace_period_and_stock_restic_agrees()
    {
        await using var vault = await TendedVault.MakeAsync();
        var kept = await ForgottenAsync(vault);
        var packs = await vault.PacksAsync();

        var first = await vault.PruneAsync();
        Assert.True(first.Marked.Packs > 0);
        Assert.Equal(0, first.Removed.Packs);
        Assert.True(await vault.PacksAsync() >= packs);
        await vault.DemandSoundAsync();

        vault.Clock.Forward(PruneWanted.DefaultGrace - TimeSpan.FromHours(1));
        Assert.Equal(0, (await vault.PruneAsync()).Removed.Packs);

        vault.Clock.Forward(TimeSpan.FromHours(2));
        Assert.Equal(first.Marked.Packs, (await vault.PruneAsync()).Removed.Packs);
        await vault.DemandSoundAsync();
        Assert.Equal(0, (await vault.CheckAsync()).Totals.UnusedBlobs);
        await vault.DemandRestoresAsync(kept, "own");
        await vault.DemandResticAgreesAsync(kept);
    }

    [Fact]
    public async Task Removes_at_once_under_an_exclusive_lock()
    {
        await using var vault = await TendedVault.MakeAsync();
        var kept = await ForgottenAsync(vault);
        var outcome = await TendedVault.PruneAsync(vault.Vault, new() { Instant = true, MaxUnused = UnusedLimit.Parse("0") });
        Assert.True(outcome.Removed.Packs > 0);
        await vault.DemandSoundAsync();
        await vault.DemandResticAgreesAsync(kept);
    }

    [Fact]
    public async Task Changes_nothing_in_a_dry_run()
    {
        await using var vault = await TendedVault.MakeAsync();
        await ForgottenAsync(vault);
        var before = (await vault.PacksAsync(), await vault.CountAsync(ObjectKind.Index));
        var outcome = await VaultPrune.RunAsync(vault.Vault, new() { DryRun = true, MaxUnused = UnusedLimit.Parse("0") }, null, CancellationToken.None);
        Assert.True(outcome.Plan.Unused.Bytes > 0);
        Assert.Equal(before, (await vault.PacksAsync(), await vault.CountAsync(ObjectKind.Index)));
    }

    [Fact]
    public async Task Brings_back_what_a_snapshot_needs_after_all()
    {
        await using var vault = await TendedVault.MakeAsync();
        vault.Write("a", 1, 900_000);
        var snapshot = await vault.BackUpAsync();
        var json = await vault.Vault.LoadAsync(ObjectKind.Snapshot, snapshot, CancellationToken.None);
        await vault.ForgetAsync(snapshot);
        Assert.True((await vault.PruneAsync()).Marked.Packs > 0);

        // As somebody's who had read the index before.
        var late = await vault.Vault.SaveAsync(ObjectKind.Snapshot, json, CancellationToken.None);
        vault.Clock.Forward(TimeSpan.FromDays(2));
        var outcome = await vault.PruneAsync();
        Assert.Equal(0, outcome.Removed.Packs);
        Assert.True(outcome.Plan.ToRevive.Packs > 0);
        await vault.DemandResticAgreesAsync(late);
    }

    [Fact]
    public async Task Removes_packs_in_no_index_only_once_they_have_been_seen_for_long()
    {
        await using var vault = await TendedVault.MakeAsync();
        vault.Write("a", 1, 100_000);
        await vault.BackUpAsync();
        var orphan = new byte[5_000];
        var name = new ObjectName(ObjectKind.Pack, ObjectId.Of(orphan));
        await vault.Vault.Backend.SaveAsync(name, orphan, CancellationToken.None);
        Assert.Equal(0, (await vault.PruneAsync()).Removed.Packs);
        vault.Clock.Forward(TimeSpan.FromHours(24));
        Assert.Equal(1, (await vault.PruneAsync()).Removed.Packs);
        await vault.DemandSoundAsync();
    }

    [Fact]
    public async Task Takes_nothing_away_while_a_stock_restic_is_at_work()
    {
        await using var vault = await TendedVault.MakeAsync();
        await ForgottenAsync(vault);
        var packs = await vault.PacksAsync();
        var restic = new LockFile { Time = GoTime.From(vault.Clock.GetUtcNow()), Exclusive = false, Hostname = "elsewhere", Username = "bob", ProcessId = 7 };
        var held = await vault.Vault.SaveAsync(ObjectKind.Lock, restic.Write(), CancellationToken.None);
        var outcome = await vault.PruneAsync();
        Assert.NotNull(outcome.WaitsFor);
        Assert.Equal(0, outcome.Removed.Packs);
        Assert.True(await vault.PacksAsync() >= packs);
        await vault.Vault.Backend.RemoveAsync(new(ObjectKind.Lock, held), CancellationToken.None);

        // It goes out of the list now, and the grace period begins only then.
        vault.Clock.Forward(TimeSpan.FromHours(24));
        Assert.Equal(0, (await vault.PruneAsync()).Removed.Packs);
        vault.Clock.Forward(TimeSpan.FromHours(24));
        Assert.True((await vault.PruneAsync()).Removed.Packs > 0);
        await vault.DemandSoundAsync();
    }

    [Fact]
    public async Task Refuses_where_it_cannot_be_said_what_is_needed()
    {
        await using var vault = await TendedVault.MakeAsync();
        await ForgottenAsync(vault);
        foreach (var pack in await vault.Vault.ListAsync(ObjectKind.Pack, CancellationToken.None))
        {
            await vault.Vault.Backend.RemoveAsync(pack.Name, CancellationToken.None);
            break;
        }

        foreach (var index in await vault.Vault.ListAsync(ObjectKind.Index, CancellationToken.None))
        {
            await vault.Vault.Backend.RemoveAsync(index.Name, CancellationToken.None);
        }

        var packs = await vault.PacksAsync();
        var problem = await Assert.ThrowsAsync<VaultException>(vault.PruneAsync);
        Assert.Equal(VaultFault.Damaged, problem.Fault);
        Assert.Equal(packs, await vault.PacksAsync());
    }

    /// <summary>Two snapshots, of which the first is forgotten.</summary>
    private static async Task<ObjectId> ForgottenAsync(TendedVault vault)
    {
        vault.Write("a", 1, 900_000);
        vault.Write("b", 2, 900_000);
        var first = await vault.BackUpAsync();
        vault.Write("b", 3, 900_000);
        var second = await vault.BackUpAsync();
        await vault.ForgetAsync(first);
        return second;
    }
}
