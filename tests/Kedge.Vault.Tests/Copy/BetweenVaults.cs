using Kedge.Vault.Copy;
using Kedge.Vault.Format;
using Kedge.Vault.Snapshots;
using Kedge.Vault.Tests.Browse;
using Kedge.Vault.Tests.Servers;
using Kedge.Vault.Tests.Snapshots;
using Kedge.Vault.Tests.Upkeep;
using Xunit;

namespace Kedge.Vault.Tests.Copy;

public sealed class BetweenVaults
{
    [Theory]
    [InlineData(true, 2)]
    [InlineData(false, 2)]
    [InlineData(false, 1)]
    public async Task A_snapshot_is_the_same_there_and_restic_finds_nothing_wrong(bool sameKey, int version)
    {
        await using var ground = await FilledAsync();
        var snapshot = await ground.BackUpAsync();
        using var folder = new TestFolder();
        await using var target = await InitAsync(folder, sameKey ? ground.Vault : null, version);

        var outcome = await VaultCopy.RunAsync(ground.Vault, target, new(), null, CancellationToken.None);
        Assert.True(outcome.IsWhole);
        Assert.Equal(sameKey, outcome.SameKey);
        var copied = Assert.Single(outcome.Copied);
        Assert.Equal(snapshot.Id, copied.Snapshot.Original);
        Assert.Equal(snapshot.File.Tree, copied.Snapshot.Tree);
        foreach (var stock in Restic.Versions)
        {
            using var restic = new Restic(stock, folder.Path, FolderVault.Password);
            (await restic.RunAsync("check", "--read-data")).Succeeded();
            using var restored = new TestFolder();
            (await restic.RunAsync("restore", copied.Copy!.Value.ToString(), "--target", restored.Path)).Succeeded();
            Assert.Equal(ground.FilesOf(snapshot), await SampleTree.DescribeAsync(Path.Join(restored.Path, ground.Files)));
        }
    }

    [Fact]
    public async Task What_the_target_has_is_not_copied_again()
    {
        await using var ground = await FilledAsync();
        await ground.BackUpAsync();
        using var folder = new TestFolder();
        await using var target = await InitAsync(folder, null, 2);
        await VaultCopy.RunAsync(ground.Vault, target, new(), null, CancellationToken.None);

        var again = await VaultCopy.RunAsync(ground.Vault, target, new(), null, CancellationToken.None);
        Assert.Empty(again.Copied);
        Assert.Single(again.Skipped);
        Assert.Equal(0, again.StoredBytes);

        ground.Write("new", 50_000);
        await ground.BackUpAsync();
        var next = await VaultCopy.RunAsync(ground.Vault, target, new(), null, CancellationToken.None);
        Assert.Single(next.Copied);
        Assert.InRange(next.StoredBytes, 50_000, 100_000);
    }

    [Fact]
    public async Task What_restic_copied_is_known_and_restic_knows_what_we_copied()
    {
        await using var ground = await FilledAsync();
        await ground.BackUpAsync();
        using var folder = new TestFolder();
        await using var target = await InitAsync(folder, null, 2);
        await VaultCopy.RunAsync(ground.Vault, target, new(), null, CancellationToken.None);
        using var restic = new Restic("0.18", folder.Path, FolderVault.Password, new Dictionary<string, string?> { ["RESTIC_FROM_PASSWORD"] = FolderVault.Password });
        var said = (await restic.RunAsync("copy", "--from-repo", ground.Folder.Path, "-v")).Succeeded();
        Assert.Contains("skipping", said, StringComparison.OrdinalIgnoreCase);

        ground.Write("new", 50_000);
        await ground.BackUpAsync();
        (await restic.RunAsync("copy", "--from-repo", ground.Folder.Path)).Succeeded();
        var again = await VaultCopy.RunAsync(ground.Vault, target, new(), null, CancellationToken.None);
        Assert.Empty(again.Copied);
        Assert.Equal(2, again.Skipped.Count);
    }

    [Fact]
    public async Task Only_the_chosen_snapshots_are_copied_and_an_unknown_one_is_refused()
    {
        await using var ground = await FilledAsync();
        var first = await ground.BackUpAsync();
        ground.Write("new", 50_000);
        var second = await ground.BackUpAsync();
        using var folder = new TestFolder();
        await using var target = await InitAsync(folder, null, 2);
        await VaultCopy.RunAsync(ground.Vault, target, new() { Snapshots = [second.Id] }, null, CancellationToken.None);
        var there = await SnapshotSurvey.ListAsync(target, CancellationToken.None);
        Assert.Equal(second.Id, Assert.Single(there.Snapshots).File.Original);
        var refusal = await Assert.ThrowsAsync<VaultException>(
            () => VaultCopy.RunAsync(ground.Vault, target, new() { Snapshots = [first.Id, first.File.Tree] }, null, CancellationToken.None));
        Assert.Equal(VaultFault.NotFound, refusal.Fault);
    }

    [Fact]
    public async Task A_dry_run_stores_nothing_and_counts()
    {
        await using var ground = await FilledAsync();
        await ground.BackUpAsync();
        using var folder = new TestFolder();
        await using var target = await InitAsync(folder, null, 2);
        var outcome = await VaultCopy.RunAsync(ground.Vault, target, new() { DryRun = true }, null, CancellationToken.None);
        Assert.True(outcome.NewBytes > 6 << 20);
        Assert.Empty(await target.ListAsync(ObjectKind.Pack, CancellationToken.None));
        Assert.Empty(await target.ListAsync(ObjectKind.Snapshot, CancellationToken.None));
        Assert.Empty(await target.ListAsync(ObjectKind.Index, CancellationToken.None));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_snapshot_of_which_something_is_damaged_is_named_and_left_out_and_others_are_copied(bool sameKey)
    {
        await using var ground = await FilledAsync();
        await ground.BackUpAsync();
        File.Delete(Path.Join(ground.Files, "large/000"));
        await ground.BackUpAsync();
        ground.Write("last", 3 << 20);
        var hit = await ground.BackUpAsync();
        await Damage.FlipContentAsync(ground, hit.File.Tree, "last");
        using var folder = new TestFolder();
        await using var target = await InitAsync(folder, sameKey ? ground.Vault : null, 2);
        var problems = new List<string>();
        var outcome = await VaultCopy.RunAsync(ground.Vault, target, new() { OnProblem = problems.Add }, null, CancellationToken.None);
        Assert.Equal(2, outcome.Copied.Count);
        var damaged = Assert.Single(outcome.Damaged);
        Assert.Equal(hit.Id, damaged.Id);
        Assert.EndsWith("/last", damaged.Files.Single().ToString(), StringComparison.Ordinal);
        Assert.NotEmpty(problems);
        using var restic = new Restic("0.18", folder.Path, FolderVault.Password);
        (await restic.RunAsync("check", "--read-data")).Succeeded();
    }

    [Fact]
    public async Task An_interrupted_copy_goes_on_from_what_it_had_stored()
    {
        await using var ground = await FilledAsync();
        ground.WriteMany("more", 50, 1 << 20);
        await ground.BackUpAsync();
        using var folder = new TestFolder();
        await using var target = await InitAsync(folder, null, 2);
        using var interruption = new CancellationTokenSource();
        var progress = new Kedge.Vault.Upkeep.UpkeepProgress();
        var copying = VaultCopy.RunAsync(ground.Vault, target, new() { Progress = progress }, null, interruption.Token);
        while (!copying.IsCompleted && (await target.ListAsync(ObjectKind.Pack, CancellationToken.None)).Count < 2)
        {
            await Task.Yield();
        }

        await interruption.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => copying);
        Assert.Empty(await target.ListAsync(ObjectKind.Snapshot, CancellationToken.None));
        var stored = (await target.ListAsync(ObjectKind.Pack, CancellationToken.None)).Sum(p => p.Length);

        var again = await VaultCopy.RunAsync(ground.Vault, target, new(), null, CancellationToken.None);
        Assert.Single(again.Copied);
        Assert.InRange(again.StoredBytes, 1, (58 << 20) + (1 << 20) - stored);
        using var restic = new Restic("0.14", folder.Path, FolderVault.Password);
        (await restic.RunAsync("check", "--read-data")).Succeeded();
    }

    private static async Task<UpkeepGround> FilledAsync()
    {
        var ground = await UpkeepGround.MakeAsync();
        ground.WriteMany("large", 2, 3 << 20);
        ground.WriteMany("small", 30, 3000);
        await File.WriteAllTextAsync(Path.Join(ground.Files, "text"), string.Concat(Enumerable.Repeat("what compresses well ", 40_000)));
        return ground;
    }

    private static Task<VaultRepository> InitAsync(TestFolder folder, VaultRepository? sameKeyAs, int version) => VaultRepository.InitAsync(
        Kedge.Vault.Backends.VaultLocation.Parse(folder.Path).Open(new() { RetryFor = TimeSpan.Zero }, TimeProvider.System),
        FolderVault.New(version, sameKeyAs),
        TimeProvider.System,
        CancellationToken.None);
}
