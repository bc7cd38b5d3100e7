using Kedge.Vault.Format;
using Kedge.Vault.Locking;
using Kedge.Vault.Prune;
using Kedge.Vault.Tests.Upkeep;
using Xunit;

namespace Kedge.Vault.Tests.Prune;

public sealed class InTwoPhases
{
    private static readonly TimeSpan Grace = PruneWanted.DefaultGrace + TimeSpan.FromMinutes(1);

    [Fact]
    public async Task What_nobody_needs_is_removed_by_a_prune_after_the_grace_period_and_the_rest_restores()
    {
        await using var ground = await ForgottenAsync();
        var before = await ground.PacksAsync();

        var first = await ground.PruneAsync();
        Assert.True(first.Marked.Packs > 0);
        Assert.Equal(0, first.Removed.Packs);
        Assert.Superset(before, await ground.PacksAsync());
        await ground.DemandSoundAsync();

        var tooEarly = await ground.PruneAsync();
        Assert.Equal(0, tooEarly.Removed.Packs);
        Assert.Equal(first.Marked.Packs, tooEarly.Plan.Waiting.Packs);

        ground.Clock.Forward(Grace);
        var second = await ground.PruneAsync();
        Assert.Equal(first.Marked.Packs, second.Removed.Packs);
        Assert.True(await ground.PackBytesAsync() < 11 << 20);
        await ground.DemandSoundAsync();
    }

    [Fact]
    public async Task Stock_restic_takes_no_pack_that_is_marked_for_one_it_lacks()
    {
        await using var ground = await ForgottenAsync();
        await ground.PruneAsync();
        using var restic = ground.Folder.Restic("0.18");
        var said = await restic.RunAsync("check", "--no-lock");
        Assert.Equal(0, said.ExitCode);
        Assert.DoesNotContain("error", said.Errors, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_pack_that_a_new_snapshot_needs_is_brought_back()
    {
        await using var ground = await UpkeepGround.MakeAsync();
        ground.WriteMany("old", 8, 1 << 20);
        var old = await ground.BackUpAsync();
        var file = old.File;
        await ground.ForgetAsync(old);
        await ground.PruneAsync();

        // What a restic does that slept since before the prune: it writes a snapshot of what the index had when it began.
        var late = await ground.Folder.AddAsync(file with { Hostname = "sleeper" });
        ground.Clock.Forward(Grace);
        var second = await ground.PruneAsync();
        Assert.Equal(0, second.Removed.Packs);
        Assert.True(second.Plan.ToRevive.Packs > 0);
        await ground.DemandSoundAsync();
        await ground.DemandRestoresAsync(late, await Browse.SampleTree.DescribeAsync(ground.Files));
    }

    [Fact]
    public async Task While_restic_is_at_work_nothing_goes_out_of_the_index()
    {
        await using var ground = await ForgottenAsync();
        var index = await ground.Vault.ListAsync(ObjectKind.Index, CancellationToken.None);
        var theirs = await LockAsRestic(ground);
        var outcome = await ground.PruneAsync();
        Assert.Contains("otherhost", outcome.WaitsFor, StringComparison.Ordinal);
        // A restic that reads index files at this moment finds all that it has listed.
        Assert.Superset(index.Select(i => i.Name.Id).ToHashSet(), (await ground.Vault.ListAsync(ObjectKind.Index, CancellationToken.None)).Select(i => i.Name.Id).ToHashSet());
        Assert.All((await ground.Vault.LoadIndexAsync(CancellationToken.None)) is var loaded ? loaded.MarkedPacks.Keys : [], p => Assert.True(loaded.IsListed(p)));

        await ground.Vault.Backend.RemoveAsync(new(ObjectKind.Lock, theirs), CancellationToken.None);
        await ground.PruneAsync();
        var after = await ground.Vault.LoadIndexAsync(CancellationToken.None);
        Assert.All(after.MarkedPacks.Keys, p => Assert.False(after.IsListed(p)));
        await ground.DemandSoundAsync();
    }

    [Fact]
    public async Task A_lock_that_may_be_older_than_the_mark_keeps_packs_after_the_grace_period_too()
    {
        await using var ground = await ForgottenAsync();
        await ground.PruneAsync();
        ground.Clock.Forward(Grace);
        var theirs = await LockAsRestic(ground);
        Assert.Equal(0, (await ground.PruneAsync()).Removed.Packs);
        await ground.Vault.Backend.RemoveAsync(new(ObjectKind.Lock, theirs), CancellationToken.None);
        Assert.True((await ground.PruneAsync()).Removed.Packs > 0);
        await ground.DemandSoundAsync();
    }

    [Fact]
    public async Task Whoever_runs_kedge_and_began_after_the_mark_does_not_hold_a_prune_up()
    {
        await using var ground = await ForgottenAsync();
        await ground.PruneAsync();
        ground.Clock.Forward(Grace);
        var other = ground.Self with { Hostname = "otherhost" };
        await using var theirs = await VaultLock.AcquireAsync(ground.Vault, other, exclusive: false, TimeSpan.Zero, CancellationToken.None);
        Assert.True((await ground.PruneAsync()).Removed.Packs > 0);
    }

    [Fact]
    public async Task Two_prunes_at_once_are_refused()
    {
        await using var ground = await UpkeepGround.MakeAsync();
        var other = ground.Self with { Hostname = "otherhost" };
        await using var theirs = await VaultPrune.LockAsync(ground.Vault, other, instant: false, TimeSpan.Zero, CancellationToken.None);
        var refusal = await Assert.ThrowsAsync<VaultException>(() => ground.PruneAsync());
        Assert.Equal(VaultFault.Locked, refusal.Fault);
        await using var backup = await VaultLock.AcquireAsync(ground.Vault, ground.Self, exclusive: false, TimeSpan.Zero, CancellationToken.None);
    }

    [Fact]
    public async Task An_orphan_is_seen_twice_before_it_goes()
    {
        await using var ground = await UpkeepGround.MakeAsync();
        ground.Write("a", 100_000);
        await ground.BackUpAsync();
        var kept = await ground.PacksAsync();
        var orphan = await OrphanAsync(ground);

        var first = await ground.PruneAsync();
        Assert.Equal(1, first.Plan.OrphansWaiting.Packs);
        ground.Clock.Forward(Grace);
        Assert.Equal(1, (await ground.PruneAsync()).Removed.Packs);
        Assert.DoesNotContain(orphan, await ground.PacksAsync());
        Assert.Equal(kept, await ground.PacksAsync());
        await ground.DemandSoundAsync();
    }

    [Fact]
    public async Task An_instant_prune_removes_at_once_and_wants_the_vault_for_itself()
    {
        await using var ground = await ForgottenAsync();
        await OrphanAsync(ground);
        await using (await VaultLock.AcquireAsync(ground.Vault, ground.Self with { Hostname = "otherhost" }, exclusive: false, TimeSpan.Zero, CancellationToken.None))
        {
            await Assert.ThrowsAsync<VaultException>(() => ground.PruneAsync(new() { Instant = true }));
        }

        var outcome = await ground.PruneAsync(new() { Instant = true });
        Assert.True(outcome.Removed.Packs > 1);
        Assert.True(await ground.PackBytesAsync() < 11 << 20);
        await ground.DemandSoundAsync();
    }

    [Fact]
    public async Task A_dry_run_changes_nothing_and_counts()
    {
        await using var ground = await ForgottenAsync();
        var before = Directory.GetFiles(ground.Folder.Path, "*", SearchOption.AllDirectories).Order().ToArray();
        var outcome = await VaultPrune.RunAsync(ground.Vault, new() { DryRun = true }, null, CancellationToken.None);
        Assert.Equal(before, Directory.GetFiles(ground.Folder.Path, "*", SearchOption.AllDirectories).Order().ToArray());
        Assert.True(outcome.Plan.Unused.Bytes > 8 << 20);
        Assert.InRange(outcome.Plan.BytesLeft, 8 << 20, 11 << 20);
        Assert.InRange(outcome.Plan.PercentUnusedLeft, 0, 5.01);
    }

    [Fact]
    public async Task Whoever_cannot_say_what_is_needed_removes_nothing()
    {
        await using var ground = await ForgottenAsync();
        var index = await ground.Vault.LoadIndexAsync(CancellationToken.None);
        var tree = (await ground.Folder.ListAsync()).Snapshots.Single().File.Tree;
        Assert.True(index.TryFind(new(BlobKind.Tree, tree), out var place));
        var path = ground.PathOf(new(ObjectKind.Pack, place.Pack));
        var bytes = await File.ReadAllBytesAsync(path);
        bytes[place.Entry.Offset + 20] ^= 1;
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await File.WriteAllBytesAsync(path, bytes);
        var before = await ground.PacksAsync();
        var refusal = await Assert.ThrowsAsync<VaultException>(() => ground.PruneAsync());
        Assert.Equal(VaultFault.Damaged, refusal.Fault);
        Assert.Equal(before, await ground.PacksAsync());
        Assert.Empty((await ground.Vault.LoadIndexAsync(CancellationToken.None)).MarkedPacks);
    }

    [Theory]
    [InlineData("0.14", 1)]
    [InlineData("0.14", 2)]
    [InlineData("0.18", 2)]
    public async Task What_restic_wrote_is_pruned_and_restic_finds_nothing_wrong(string version, int format)
    {
        await using var ground = await UpkeepGround.MakeAsync(format);
        ground.WriteMany("old", 12, 1 << 20);
        ground.WriteMany("kept", 12, 1 << 20);
        var old = await ground.BackUpByResticAsync(version);
        Directory.Delete(Path.Join(ground.Files, "old"), recursive: true);
        await ground.BackUpByResticAsync(version);
        await ground.ForgetAsync(old);
        await ground.PruneAsync();
        await ground.DemandSoundAsync();
        ground.Clock.Forward(Grace);
        await ground.PruneAsync();
        Assert.True(await ground.PackBytesAsync() < 14 << 20);
        await ground.DemandSoundAsync();
    }

    [Fact]
    public async Task A_prune_that_slept_removes_nothing_more()
    {
        await using var ground = await ForgottenAsync();
        await using var taken = await VaultPrune.LockAsync(ground.Vault, ground.Self, instant: true, TimeSpan.Zero, CancellationToken.None);
        var before = await ground.PacksAsync();
        ground.Clock.Forward(TimeSpan.FromHours(1));
        await Assert.ThrowsAsync<VaultException>(() => VaultPrune.RunAsync(ground.Vault, new() { Instant = true }, taken, CancellationToken.None));
        Assert.Superset(before, await ground.PacksAsync());
        await ground.DemandSoundAsync();
    }

    [Theory]
    [InlineData("0.14")]
    [InlineData("0.18")]
    public async Task Stock_restic_does_not_prune_while_we_do(string version)
    {
        await using var ground = await ForgottenAsync();
        await using var taken = await VaultPrune.LockAsync(ground.Vault, ground.Self with { Hostname = "otherhost" }, instant: false, TimeSpan.Zero, CancellationToken.None);
        using var restic = ground.Folder.Restic(version);
        var end = await restic.RunAsync("prune");
        Assert.NotEqual(0, end.ExitCode);
        Assert.Contains("otherhost", end.Errors, StringComparison.Ordinal);
        (await restic.RunAsync("snapshots")).Succeeded();
    }

    [Fact]
    public async Task No_more_is_repacked_in_one_go_than_is_allowed()
    {
        await using var ground = await ForgottenAsync();
        var none = await VaultPrune.RunAsync(ground.Vault, new() { DryRun = true, MaxRepackBytes = 1000 }, null, CancellationToken.None);
        Assert.Equal(0, none.Plan.ToRepack.Blobs);
        var all = await VaultPrune.RunAsync(ground.Vault, new() { DryRun = true }, null, CancellationToken.None);
        Assert.True(all.Plan.ToRepack.Packs > 1);
        var allowed = all.Plan.ToRepack.Bytes + all.Plan.RepackGivesUp.Bytes - 1;
        var some = await VaultPrune.RunAsync(ground.Vault, new() { DryRun = true, MaxRepackBytes = allowed }, null, CancellationToken.None);
        Assert.InRange(some.Plan.ToRepack.Packs, 1, all.Plan.ToRepack.Packs - 1);
        var unlimited = await VaultPrune.RunAsync(ground.Vault, new() { DryRun = true, MaxUnused = UnusedLimit.Unlimited }, null, CancellationToken.None);
        Assert.Equal(0, unlimited.Plan.ToRepack.Blobs);
    }

    [Fact]
    public async Task Small_packs_and_small_index_files_are_merged_once_they_are_many()
    {
        await using var ground = await UpkeepGround.MakeAsync();
        for (var backup = 0; backup < 12; backup++)
        {
            ground.Write($"{backup}", 3 << 19);
            await ground.BackUpAsync();
        }

        Assert.Equal(24, (await ground.PacksAsync()).Count);
        await ground.PruneAsync();
        ground.Clock.Forward(Grace);
        await ground.PruneAsync();
        Assert.InRange((await ground.PacksAsync()).Count, 13, 14);
        Assert.InRange((await ground.Vault.ListAsync(ObjectKind.Index, CancellationToken.None)).Count, 1, 8);
        await ground.DemandSoundAsync();
    }

    /// <summary>A vault in which a snapshot was forgotten whose files make whole packs, and parts of packs.</summary>
    private static async Task<UpkeepGround> ForgottenAsync()
    {
        var ground = await UpkeepGround.MakeAsync();
        ground.WriteMany("old", 20, 1 << 20);
        ground.WriteMany("kept", 8, 1 << 20);
        var old = await ground.BackUpAsync();
        Directory.Delete(Path.Join(ground.Files, "old"), recursive: true);
        await ground.BackUpAsync();
        await ground.ForgetAsync(old);
        return ground;
    }

    /// <summary>What an interrupted backup leaves.</summary>
    private static async Task<ObjectId> OrphanAsync(UpkeepGround ground)
    {
        var bytes = new byte[5000];
        new Random(7).NextBytes(bytes);
        var id = ObjectId.Of(bytes);
        await ground.Vault.Backend.SaveAsync(new(ObjectKind.Pack, id), bytes, CancellationToken.None);
        return id;
    }

    /// <summary>A lock as restic writes it, of another machine.</summary>
    private static Task<ObjectId> LockAsRestic(UpkeepGround ground) => ground.Vault.SaveAsync(
        ObjectKind.Lock,
        new LockFile { Time = GoTime.From(ground.Clock.GetUtcNow()), Exclusive = false, Hostname = "otherhost", Username = "bob", ProcessId = 77 }.Write(),
        CancellationToken.None);
}
