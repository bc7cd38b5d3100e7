using System.Text.Json;
using Kedge.Vault.Crypto;
using Kedge.Vault.Format;
using Kedge.Vault.Keys;
using Kedge.Vault.Tests.Servers;
using Kedge.Vault.Tests.Snapshots;
using Xunit;

namespace Kedge.Vault.Tests.Keys;

/// <summary>Listing, adding, removing keys, and changing passwords.</summary>
public sealed class KeysOfAVault
{
    private static readonly ScryptCost Cheap = new(1024, 8, 1);
    private static readonly KeyOwner Owner = new(GoTime.From(new(2024, 5, 6, 7, 8, 9, TimeSpan.Zero)), "bob", "quay");

    [Theory]
    [InlineData("0.14")]
    [InlineData("0.18")]
    public async Task Are_the_same_for_restic(string version)
    {
        await using var vault = await FolderVault.MadeByResticAsync(version, 2);
        var added = await VaultKeys.AddAsync(vault.Vault, "second".AsMemory(), Owner, Cheap, CancellationToken.None);
        using var restic = new Restic(version, vault.Path, "second");
        using var parsed = JsonDocument.Parse((await restic.RunAsync("key", "list", "--json")).Succeeded());
        var theirs = parsed.RootElement.EnumerateArray().Select(key => (Id: key.GetProperty("id").GetString()!, User: key.GetProperty("userName").GetString(), Current: key.GetProperty("current").GetBoolean()));
        await using var again = await vault.OpenAsync("second");
        var ours = await VaultKeys.ListAsync(again, CancellationToken.None);
        Assert.Equal(
            theirs.Select(k => (k.Id[..8], k.User, k.Current)).Order(), ours.Keys.Select(k => (k.Id.Short, (string?)k.Owner.Username, k.IsCurrent)).Order());
        Assert.Equal(added, Assert.Single(ours.Keys, k => k.IsCurrent).Id);

        // restic removes ours, and we remove restic's.
        using var first = vault.Restic(version);
        (await first.RunAsync("key", "remove", added.ToString())).Succeeded();
        Assert.Equal(VaultFault.WrongPassword, (await Assert.ThrowsAsync<VaultException>(() => vault.OpenAsync("second"))).Fault);
    }

    [Fact]
    public async Task Are_not_removed_where_the_vault_is_open_with_it_or_no_other_is_left()
    {
        await using var vault = await FolderVault.MakeAsync();
        Assert.Equal(VaultFault.Misuse, (await Assert.ThrowsAsync<VaultException>(() => VaultKeys.RemoveAsync(vault.Vault, vault.Vault.KeyId.Short, CancellationToken.None))).Fault);
        Assert.Equal(VaultFault.NotFound, (await Assert.ThrowsAsync<VaultException>(() => VaultKeys.RemoveAsync(vault.Vault, "no key", CancellationToken.None))).Fault);
        var added = await VaultKeys.AddAsync(vault.Vault, "second".AsMemory(), Owner, Cheap, CancellationToken.None);
        await using var second = await vault.OpenAsync("second");
        Assert.Equal(vault.Vault.KeyId, await VaultKeys.RemoveAsync(second, vault.Vault.KeyId.Short, CancellationToken.None));
        // Opened with a key that is gone, it would still not remove the last.
        Assert.Equal(VaultFault.Misuse, (await Assert.ThrowsAsync<VaultException>(() => VaultKeys.RemoveAsync(vault.Vault, added.Short, CancellationToken.None))).Fault);
        Assert.Equal([added], (await VaultKeys.ListAsync(second, CancellationToken.None)).Keys.Select(k => k.Id));
    }

    [Fact]
    public async Task Change_with_the_password()
    {
        await using var vault = await FolderVault.MakeAsync();
        var snapshot = await vault.AddAsync(new() { Time = new(1, 0, 0), Tree = ObjectId.Of("tree"u8), Paths = [] });
        var changed = await VaultKeys.ChangePasswordAsync(vault.Vault, "better".AsMemory(), Owner, Cheap, CancellationToken.None);
        Assert.Equal(changed, vault.Vault.KeyId);
        Assert.Equal(VaultFault.WrongPassword, (await Assert.ThrowsAsync<VaultException>(() => vault.OpenAsync(FolderVault.Password))).Fault);
        await using var again = await vault.OpenAsync("better");
        Assert.Equal(snapshot.File.Write(), await again.LoadAsync(ObjectKind.Snapshot, snapshot.Id, CancellationToken.None));
        Assert.Equal(VaultFault.Misuse, (await Assert.ThrowsAsync<VaultException>(() => VaultKeys.ChangePasswordAsync(again, default, Owner, Cheap, CancellationToken.None))).Fault);
    }

    [Fact]
    public async Task Both_open_where_an_append_only_server_keeps_the_old_one()
    {
        await using var server = await RestServer.StartAsync("--append-only");
        await using var vault = await server.InitAsync(TimeProvider.System);
        var problem = await Assert.ThrowsAsync<VaultException>(() => VaultKeys.ChangePasswordAsync(vault, "new".AsMemory(), Owner, Cheap, CancellationToken.None));
        Assert.Equal(VaultFault.Denied, problem.Fault);
        Assert.Contains("still does", problem.Message, StringComparison.Ordinal);
        Assert.Equal(2, (await VaultKeys.ListAsync(vault, CancellationToken.None)).Keys.Count);
    }

    [Fact]
    public async Task That_are_damaged_are_named()
    {
        await using var vault = await FolderVault.MakeAsync();
        var added = await VaultKeys.AddAsync(vault.Vault, "second".AsMemory(), Owner, Cheap, CancellationToken.None);
        var path = Path.Join(vault.Path, "keys", added.ToString());
        var content = await File.ReadAllBytesAsync(path);
        File.Delete(path);
        await File.WriteAllBytesAsync(path, content[..^1]);
        var list = await VaultKeys.ListAsync(vault.Vault, CancellationToken.None);
        Assert.Equal((1, added), (list.Keys.Count, Assert.Single(list.Damaged).Id));
    }
}
