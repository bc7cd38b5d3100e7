using Kedge.Vault.Check;
using Kedge.Vault.Format;
using Kedge.Vault.Locking;
using Kedge.Vault.Repair;
using Kedge.Vault.Tests.Upkeep;
using Xunit;

namespace Kedge.Vault.Tests.Repair;

/// <summary>A check names it with what it hits, and the repairs put right what can be.</summary>
public sealed class WhatIsDamaged
{
    [Fact]
    public async Task A_flipped_bit_in_a_file_is_found_named_and_taken_from_another_vault_of_another_key()
    {
        await using var ground = await FilledAsync();
        var snapshot = await ground.BackUpAsync();
        await using var other = await UpkeepGround.MakeAsync();
        await Kedge.Vault.Copy.VaultCopy.RunAsync(ground.Vault, other.Vault, new(), null, CancellationToken.None);
        var place = await Damage.FlipContentAsync(ground, snapshot.File.Tree, "001");

        var outcome = await ground.CheckAsync();
        Assert.Contains(outcome.Findings, f => f.Kind == FindingKind.PackDamaged && f.Object == new ObjectName(ObjectKind.Pack, place.Pack));
        Assert.Contains(outcome.Findings, f => f is { Kind: FindingKind.BlobDamaged, HasGoodCopy: false } && f.Blob == place.Entry.Name);
        var hits = Assert.Single(outcome.Hits);
        Assert.Equal(snapshot.Id, hits.Id);
        Assert.EndsWith("large/001", Assert.Single(hits.Files).ToString(), StringComparison.Ordinal);
        Assert.Equal([place.Pack], outcome.DamagedPacks);

        var repaired = await RepairPacksAsync(ground, new() { Packs = outcome.DamagedPacks, From = other.Vault });
        Assert.Empty(repaired.Lost);
        Assert.Equal(1, repaired.Taken);
        Assert.DoesNotContain(place.Pack, await ground.PacksAsync());
        await ground.DemandSoundAsync();
    }

    [Fact]
    public async Task What_is_good_of_a_damaged_pack_is_kept_and_a_file_that_is_lost_is_left_out()
    {
        await using var ground = await FilledAsync();
        var snapshot = await ground.BackUpAsync();
        var place = await Damage.FlipContentAsync(ground, snapshot.File.Tree, "001");
        var repaired = await RepairPacksAsync(ground, new());
        Assert.Equal(place.Entry.Name, Assert.Single(repaired.Lost));
        Assert.True(repaired.Saved > 0);
        Assert.False((await ground.CheckAsync()).IsSound);

        var outcome = await SnapshotRepair.RunAsync(ground.Vault, new() { Forget = true }, null, CancellationToken.None);
        var mended = Assert.Single(outcome.Repaired);
        Assert.EndsWith("large/001", Assert.Single(mended.Losses).ToString(), StringComparison.Ordinal);
        var rewritten = (await ground.Folder.ListAsync()).Snapshots.Single();
        Assert.Equal(snapshot.Id, rewritten.File.Original);
        Assert.Contains("repaired", rewritten.File.Tags);
        var expected = ground.FilesOf(snapshot).Where(f => !f.StartsWith("./large/001 ", StringComparison.Ordinal)).ToArray();
        ground.Dismiss(snapshot);
        await ground.DemandSoundAsync();
        await ground.DemandRestoresAsync(rewritten, expected);
    }

    [Fact]
    public async Task A_lost_folder_is_empty_in_the_repaired_snapshot_and_the_rest_is_there()
    {
        await using var ground = await FilledAsync();
        var snapshot = await ground.BackUpAsync();
        var tree = await Damage.FindFolderAsync(ground, snapshot.File.Tree, "small");
        await Damage.FlipAsync(ground, new(ObjectKind.Pack, tree.Pack), tree.Entry.Offset + 20);
        var check = await ground.CheckAsync(DataShare.None);
        Assert.EndsWith("/small", Assert.Single(Assert.Single(check.Hits).Files).ToString(), StringComparison.Ordinal);
        await RepairPacksAsync(ground, new());
        await SnapshotRepair.RunAsync(ground.Vault, new() { Forget = true }, null, CancellationToken.None);
        var expected = ground.FilesOf(snapshot).Where(f => !f.StartsWith("./small/", StringComparison.Ordinal)).ToArray();
        ground.Dismiss(snapshot);
        await ground.DemandSoundAsync();
        var rewritten = (await ground.Folder.ListAsync()).Snapshots.Single();
        await ground.DemandRestoresAsync(rewritten, expected);
    }

    [Fact]
    public async Task What_several_snapshots_have_lost_is_named_with_its_path_in_each()
    {
        await using var ground = await FilledAsync();
        var snapshot = await ground.BackUpAsync();
        await ground.Folder.AddAsync(snapshot.File with { Hostname = "same" });
        ground.Write("later", 1000);
        await ground.BackUpAsync();
        await Damage.FlipContentAsync(ground, snapshot.File.Tree, "001");
        await RepairPacksAsync(ground, new());
        var outcome = await SnapshotRepair.RunAsync(ground.Vault, new() { DryRun = true }, null, CancellationToken.None);
        Assert.Equal(3, outcome.Repaired.Count);
        Assert.All(outcome.Repaired, r => Assert.Equal($"{ground.Files}/large/001", Assert.Single(r.Losses).ToString()));
        Assert.All(outcome.Repaired, r => Assert.StartsWith("is left out", r.Losses[0].What, StringComparison.Ordinal));
        var limited = await SnapshotRepair.RunAsync(ground.Vault, new() { DryRun = true, MaximumLosses = 0 }, null, CancellationToken.None);
        Assert.All(limited.Repaired, r => Assert.True(r.IsCut));
    }

    [Fact]
    public async Task No_snapshot_is_forgotten_for_what_a_repair_of_the_index_brings_back()
    {
        await using var ground = await FilledAsync();
        await ground.BackUpAsync();
        foreach (var file in await ground.Vault.ListAsync(ObjectKind.Index, CancellationToken.None))
        {
            File.Delete(ground.PathOf(file.Name));
        }

        var problem = await Assert.ThrowsAsync<VaultException>(() => SnapshotRepair.RunAsync(ground.Vault, new() { Forget = true }, null, CancellationToken.None));
        Assert.Contains("repair index", problem.Hint, StringComparison.Ordinal);
        await RepairIndexAsync(ground, new());
        await SnapshotRepair.RunAsync(ground.Vault, new() { Forget = true }, null, CancellationToken.None);
        await ground.DemandSoundAsync();
    }

    [Fact]
    public async Task A_dry_run_says_what_would_be_dropped_and_changes_nothing()
    {
        await using var ground = await FilledAsync();
        var snapshot = await ground.BackUpAsync();
        var place = await Damage.FindContentAsync(ground, snapshot.File.Tree, "001");
        File.Delete(ground.PathOf(new(ObjectKind.Pack, place.Pack)));
        var before = Directory.GetFiles(ground.Folder.Path, "*", SearchOption.AllDirectories).Order().ToArray();
        var outcome = await SnapshotRepair.RunAsync(ground.Vault, new() { DryRun = true, Forget = true }, null, CancellationToken.None);
        Assert.Contains(Assert.Single(outcome.Repaired).Losses, l => l.ToString().EndsWith("large/001", StringComparison.Ordinal));
        Assert.Equal(before, Directory.GetFiles(ground.Folder.Path, "*", SearchOption.AllDirectories).Order().ToArray());
    }

    [Fact]
    public async Task A_pack_that_is_gone_comes_back_from_another_vault_trees_and_all()
    {
        await using var ground = await FilledAsync();
        await ground.BackUpAsync();
        await using var other = await UpkeepGround.MakeAsync();
        await Kedge.Vault.Copy.VaultCopy.RunAsync(ground.Vault, other.Vault, new(), null, CancellationToken.None);
        foreach (var pack in await ground.PacksAsync())
        {
            File.Delete(ground.PathOf(new(ObjectKind.Pack, pack)));
        }

        // All index files too: nothing is known any more but the snapshot.
        foreach (var file in await ground.Vault.ListAsync(ObjectKind.Index, CancellationToken.None))
        {
            File.Delete(ground.PathOf(file.Name));
        }

        var outcome = await RepairPacksAsync(ground, new() { From = other.Vault });
        Assert.Empty(outcome.Lost);
        await ground.DemandSoundAsync();
    }

    [Fact]
    public async Task An_index_that_is_damaged_or_gone_is_made_anew_from_the_packs()
    {
        await using var ground = await FilledAsync();
        await ground.BackUpAsync();
        var file = (await ground.Vault.ListAsync(ObjectKind.Index, CancellationToken.None))[0].Name;
        await Damage.FlipAsync(ground, file, 40);
        Assert.Contains((await ground.CheckAsync(DataShare.None)).Findings, f => f.Kind == FindingKind.IndexUnreadable && f.Object == file);
        var outcome = await RepairIndexAsync(ground, new());
        Assert.Equal([file.Id], outcome.UnreadableFiles);
        await ground.DemandSoundAsync();

        foreach (var other in await ground.Vault.ListAsync(ObjectKind.Index, CancellationToken.None))
        {
            File.Delete(ground.PathOf(other.Name));
        }

        Assert.NotEmpty((await RepairIndexAsync(ground, new())).Added);
        await ground.DemandSoundAsync();
        Assert.True((await RepairIndexAsync(ground, new() { ReadAllPacks = true })).IsUnchanged);
    }

    [Fact]
    public async Task A_damaged_header_costs_no_blob()
    {
        await using var ground = await FilledAsync();
        var snapshot = await ground.BackUpAsync();
        var place = await Damage.FindContentAsync(ground, snapshot.File.Tree, "001");
        var name = new ObjectName(ObjectKind.Pack, place.Pack);
        await Damage.FlipAsync(ground, name, new FileInfo(ground.PathOf(name)).Length - 30);
        Assert.Equal([place.Pack], (await ground.CheckAsync()).DamagedPacks);
        var unreadable = Assert.Single((await RepairIndexAsync(ground, new() { ReadAllPacks = true })).Unreadable);
        Assert.True(unreadable.WasIndexed);
        Assert.Empty((await RepairPacksAsync(ground, new())).Lost);
        await ground.DemandSoundAsync();
    }

    [Theory]
    [InlineData(ObjectKind.Key, FindingKind.KeyUnreadable)]
    [InlineData(ObjectKind.Lock, FindingKind.LockUnreadable)]
    [InlineData(ObjectKind.Snapshot, FindingKind.SnapshotUnreadable)]
    [InlineData(ObjectKind.Index, FindingKind.IndexUnreadable)]
    [InlineData(ObjectKind.Pack, FindingKind.PackDamaged)]
    public async Task Any_flipped_bit_is_found_and_named(ObjectKind kind, FindingKind finding)
    {
        await using var ground = await UpkeepGround.MakeAsync();
        ground.Write("a", 5000);
        await ground.BackUpAsync();
        await using var taken = await VaultLock.AcquireAsync(ground.Vault, ground.Self, exclusive: false, TimeSpan.Zero, CancellationToken.None);
        var name = (await ground.Vault.ListAsync(kind, CancellationToken.None))[0].Name;
        var length = new FileInfo(ground.PathOf(name)).Length;
        var random = new Random(3);
        for (var round = 0; round < 20; round++)
        {
            var offset = random.NextInt64(length);
            await Damage.FlipAsync(ground, name, offset);
            var outcome = await ground.CheckAsync();
            Assert.False(outcome.IsSound);
            Assert.Contains(outcome.Findings, f => f.Kind == finding && f.Object == name && f.IsDamage);
            // Of an index that is not complete one finding says what to do for all that it lacks.
            var isIncomplete = outcome.Findings.Any(f => f.Kind == FindingKind.IndexIncomplete);
            Assert.All(outcome.Findings.Where(f => f.IsDamage && !(isIncomplete && f.Kind == FindingKind.BlobMissing)), f => Assert.NotNull(f.Remedy));
            await Damage.FlipAsync(ground, name, offset);
        }
    }

    [Fact]
    public async Task A_config_with_a_flipped_bit_is_named_when_the_vault_is_opened()
    {
        await using var ground = await UpkeepGround.MakeAsync();
        await Damage.FlipAsync(ground, ObjectName.Config, 30);
        var refusal = await Assert.ThrowsAsync<VaultException>(() => ground.Folder.OpenAsync(Snapshots.FolderVault.Password));
        Assert.Equal(VaultFault.Damaged, refusal.Fault);
        Assert.Contains("config", refusal.Message, StringComparison.Ordinal);
    }

    private static async Task<PackRepairOutcome> RepairPacksAsync(UpkeepGround ground, PackRepairWanted wanted)
    {
        await using var taken = await VaultLock.AcquireAsync(ground.Vault, ground.Self, exclusive: true, TimeSpan.Zero, CancellationToken.None);
        return await PackRepair.RunAsync(ground.Vault, wanted, taken, CancellationToken.None);
    }

    private static async Task<IndexRepairOutcome> RepairIndexAsync(UpkeepGround ground, IndexRepairWanted wanted)
    {
        await using var taken = await VaultLock.AcquireAsync(ground.Vault, ground.Self, exclusive: true, TimeSpan.Zero, CancellationToken.None);
        return await IndexRepair.RunAsync(ground.Vault, wanted, taken, CancellationToken.None);
    }

    private static async Task<UpkeepGround> FilledAsync()
    {
        var ground = await UpkeepGround.MakeAsync();
        ground.WriteMany("large", 3, 300_000);
        ground.WriteMany("small", 10, 3000);
        ground.Write("top", 1000);
        return ground;
    }
}
