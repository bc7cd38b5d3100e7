using Kedge.Vault.Format;
using Kedge.Vault.Forget;
using Kedge.Vault.Keys;
using Kedge.Vault.Memory;
using Kedge.Vault.Snapshots;
using Kedge.Vault.Tests.Servers;
using Kedge.Vault.Tests.Snapshots;
using Xunit;

namespace Kedge.Vault.Tests.Memory;

/// <summary>Vaults that get older, and others that only seem to.</summary>
public sealed class WhenAVaultIsPutBack
{
    private const long Day = 86_400;

    [Fact]
    public async Task A_client_that_remembers_a_newer_state_notices_until_it_is_told_that_this_is_right()
    {
        await using var vault = await FolderVault.MakeAsync();
        await BackUpAsync(vault, 1);
        await CopyAsync(vault.Path, vault.Beside("older"));
        var newer = await BackUpAsync(vault, 2);
        await PutBackAsync(vault, "older");
        var problem = await Assert.ThrowsAsync<VaultException>(() => CheckAsync(vault));
        Assert.Equal(VaultFault.RolledBack, problem.Fault);
        Assert.Contains(newer.Id.Short, problem.Message, StringComparison.Ordinal);
        Assert.Contains("--accept-rollback", problem.Hint, StringComparison.Ordinal);

        // Looking once more does not make it right.
        await RememberAllAsync(vault);
        Assert.Equal(VaultFault.RolledBack, (await Assert.ThrowsAsync<VaultException>(() => CheckAsync(vault))).Fault);
        await (await OpenAsync(vault)).AcceptAsync(CancellationToken.None);
        Assert.Empty((await CheckAsync(vault)).Taken);
    }

    [Fact]
    public async Task Snapshots_of_other_clients_count_as_well()
    {
        await using var vault = await FolderVault.MakeAsync();
        await CopyAsync(vault.Path, vault.Beside("empty"));
        await vault.AddAsync(Snapshot("other", 1));
        await RememberAllAsync(vault);
        await CheckAsync(vault);
        await PutBackAsync(vault, "empty");
        Assert.Equal(VaultFault.RolledBack, (await Assert.ThrowsAsync<VaultException>(() => CheckAsync(vault))).Fault);
    }

    [Fact]
    public async Task What_this_client_forgot_must_not_come_back()
    {
        await using var vault = await FolderVault.MakeAsync();
        var first = await BackUpAsync(vault, 1);
        await BackUpAsync(vault, 2);
        await CopyAsync(vault.Path, vault.Beside("older"));
        await ForgetAsync(vault, first.Id);
        await CheckAsync(vault);
        await PutBackAsync(vault, "older");
        var problem = await Assert.ThrowsAsync<VaultException>(() => CheckAsync(vault));
        Assert.Equal(VaultFault.RolledBack, problem.Fault);
        Assert.Contains(first.Id.Short, problem.Message, StringComparison.Ordinal);
        await (await OpenAsync(vault)).AcceptAsync(CancellationToken.None);
        await CheckAsync(vault);
    }

    [Fact]
    public async Task A_key_that_was_removed_must_not_come_back()
    {
        await using var vault = await FolderVault.MakeAsync();
        var key = await VaultKeys.AddAsync(vault.Vault, "leaked".AsMemory(), new(GoTime.None, "eve", "elsewhere"), new(1024, 8, 1), CancellationToken.None);
        await CopyAsync(vault.Path, vault.Beside("older"));
        await VaultKeys.RemoveAsync(vault.Vault, key.Short, CancellationToken.None);
        await (await OpenAsync(vault)).RememberRemovedKeyAsync(key, CancellationToken.None);
        await CheckAsync(vault);
        await PutBackAsync(vault, "older");
        Assert.Equal(VaultFault.RolledBack, (await Assert.ThrowsAsync<VaultException>(() => CheckAsync(vault))).Fault);
        await (await OpenAsync(vault)).AcceptAsync(CancellationToken.None);
        await CheckAsync(vault);
    }

    [Fact]
    public async Task Forgetting_everything_by_oneself_is_no_alarm()
    {
        await using var vault = await FolderVault.MakeAsync();
        var only = await BackUpAsync(vault, 1);
        await ForgetAsync(vault, only.Id);
        Assert.Empty((await CheckAsync(vault)).Taken);
    }

    [Fact]
    public async Task A_removal_that_was_announced_and_refused_leaves_a_snapshot_that_is_missed_later()
    {
        await using var vault = await FolderVault.MakeAsync();
        var only = await BackUpAsync(vault, 1);
        await (await OpenAsync(vault)).AnnounceRemovalAsync([only.Id], CancellationToken.None);
        await RememberAllAsync(vault);
        await VaultForget.RemoveAsync(vault.Vault, [only.Id], null, CancellationToken.None);
        Assert.Equal(VaultFault.RolledBack, (await Assert.ThrowsAsync<VaultException>(() => CheckAsync(vault))).Fault);
    }

    [Theory]
    [InlineData("0.14")]
    [InlineData("0.18")]
    public async Task A_restic_that_forgets_by_a_policy_and_changes_tags_is_no_alarm(string version)
    {
        await using var vault = await FolderVault.MakeAsync();
        foreach (var day in new[] { 1, 2, 3 })
        {
            await BackUpAsync(vault, day);
        }

        using var restic = vault.Restic(version);
        (await restic.RunAsync("tag", "--add", "good")).Succeeded();
        Assert.Empty((await CheckAsync(vault)).Taken);
        (await restic.RunAsync("forget", "--keep-last", "1")).Succeeded();
        Assert.Empty((await CheckAsync(vault)).Taken);
        await RememberAllAsync(vault);
        (await restic.RunAsync("tag", "--remove", "good")).Succeeded();
        Assert.Empty((await CheckAsync(vault)).Taken);
    }

    [Fact]
    public async Task A_group_that_another_client_removed_is_told_where_something_newer_is_there()
    {
        await using var vault = await FolderVault.MakeAsync();
        var other = await vault.AddAsync(Snapshot("other", 5));
        await RememberAllAsync(vault);
        await BackUpAsync(vault, 1);
        await VaultForget.RemoveAsync(vault.Vault, [other.Id], null, CancellationToken.None);
        var finding = Assert.Single((await CheckAsync(vault)).Taken);
        Assert.StartsWith(other.Id.Short, finding, StringComparison.Ordinal);
        // Once.
        await RememberAllAsync(vault);
        Assert.Empty((await CheckAsync(vault)).Taken);
    }

    /// <summary>Both were seen by then; nobody knows in which order they were stored.</summary>
    [Fact]
    public async Task Where_it_may_have_been_put_back_as_a_whole_it_is_an_alarm()
    {
        await using var vault = await FolderVault.MakeAsync();
        await vault.AddAsync(Snapshot("one", 1));
        var two = await vault.AddAsync(Snapshot("two", 2));
        await RememberAllAsync(vault);
        await VaultForget.RemoveAsync(vault.Vault, [two.Id], null, CancellationToken.None);
        Assert.Equal(VaultFault.RolledBack, (await Assert.ThrowsAsync<VaultException>(() => CheckAsync(vault))).Fault);
    }

    [Fact]
    public async Task What_others_write_meanwhile_is_not_missed_in_an_older_list()
    {
        await using var vault = await FolderVault.MakeAsync();
        await BackUpAsync(vault, 1);
        var memory = await OpenAsync(vault);
        var list = await vault.ListAsync();
        var newer = await BackUpAsync(vault, 2);
        Assert.Empty((await memory.CheckAsync(list, CancellationToken.None)).Taken);
        await memory.RememberAsync(list, CancellationToken.None);
        await CheckAsync(vault);
        await VaultForget.RemoveAsync(vault.Vault, [newer.Id], null, CancellationToken.None);
        Assert.Equal(VaultFault.RolledBack, (await Assert.ThrowsAsync<VaultException>(() => CheckAsync(vault))).Fault);
    }

    [Fact]
    public async Task What_this_client_removes_meanwhile_is_not_missed_either()
    {
        await using var vault = await FolderVault.MakeAsync();
        var only = await BackUpAsync(vault, 1);
        var memory = await OpenAsync(vault);
        await ForgetAsync(vault, only.Id);
        Assert.Empty((await memory.CheckAsync(CancellationToken.None)).Taken);
        await memory.RememberAsync(await vault.ListAsync(), CancellationToken.None);
        await CheckAsync(vault);
    }

    [Fact]
    public async Task A_wrong_clock_does_not_hide_it()
    {
        await using var vault = await FolderVault.MakeAsync();
        await vault.AddAsync(Snapshot("host", DateTimeOffset.UtcNow.AddYears(1).ToUnixTimeSeconds() / Day));
        await CopyAsync(vault.Path, vault.Beside("older"));
        await BackUpAsync(vault, 1);
        await PutBackAsync(vault, "older");
        Assert.Equal(VaultFault.RolledBack, (await Assert.ThrowsAsync<VaultException>(() => CheckAsync(vault))).Fault);
    }

    /// <summary>As backup does it: open, look at all, write.</summary>
    private static async Task<StoredSnapshot> BackUpAsync(FolderVault vault, long day)
    {
        var memory = await OpenAsync(vault);
        var all = await vault.ListAsync();
        await memory.RememberAsync(all, CancellationToken.None);
        var snapshot = await vault.AddAsync(Snapshot("host", day));
        await memory.RememberWrittenAsync(snapshot, CancellationToken.None);
        return snapshot;
    }

    private static async Task ForgetAsync(FolderVault vault, ObjectId id)
    {
        var memory = await OpenAsync(vault);
        await memory.AnnounceRemovalAsync([id], CancellationToken.None);
        var outcome = await VaultForget.RemoveAsync(vault.Vault, [id], null, CancellationToken.None);
        await memory.RememberRemovedAsync(outcome.Removed, CancellationToken.None);
    }

    private static async Task RememberAllAsync(FolderVault vault) =>
        await (await OpenAsync(vault)).RememberAsync(await vault.ListAsync(), CancellationToken.None);

    private static async Task<MemoryFindings> CheckAsync(FolderVault vault) => await (await OpenAsync(vault)).CheckAsync(CancellationToken.None);

    private static Task<VaultMemory> OpenAsync(FolderVault vault) => VaultMemory.OpenAsync(vault.Vault, vault.Beside("memory"), CancellationToken.None);

    private static SnapshotFile Snapshot(string host, long day) =>
        new() { Time = new(day * Day, 0, 0), Tree = ObjectId.Of("tree"u8), Paths = ["/srv"], Hostname = host };

    private static async Task CopyAsync(string from, string to) =>
        (await Programs.RunAsync("/bin/cp", ["-a", from, to], new Dictionary<string, string?>(), CancellationToken.None)).Succeeded();

    private static async Task PutBackAsync(FolderVault vault, string name)
    {
        Directory.Delete(vault.Path, recursive: true);
        await CopyAsync(vault.Beside(name), vault.Path);
    }
}
