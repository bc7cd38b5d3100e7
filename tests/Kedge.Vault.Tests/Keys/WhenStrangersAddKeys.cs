using System.Text;
using Kedge.Vault.Check;
using Kedge.Vault.Crypto;
using Kedge.Vault.Format;
using Kedge.Vault.Keys;
using Kedge.Vault.Tests.Backup;
using Kedge.Vault.Tests.Faults;
using Kedge.Vault.Tests.Snapshots;
using Xunit;

namespace Kedge.Vault.Tests.Keys;

/// <summary>Whoever can write to the storage can put keys beside ours that cost much to try.</summary>
public sealed class WhenStrangersAddKeys
{
    private static readonly KeyOwner Owner = new(GoTime.From(new(2024, 5, 6, 7, 8, 9, TimeSpan.Zero)), "bob", "quay");

    /// <summary>A little more memory than a program takes by itself.</summary>
    private static readonly ScryptCost Costly = new(1 << 17, 11, 1);

    [Fact]
    public async Task Costly_ones_are_tried_when_no_other_opens_even_where_they_are_listed_before()
    {
        await using var vault = await FolderVault.MakeAsync();
        var costly = await VaultKeys.AddAsync(vault.Vault, "the same".AsMemory(), Owner, Costly, CancellationToken.None);
        var cheap = await VaultKeys.AddAsync(vault.Vault, "the same".AsMemory(), Owner, new(16, 1, 1), CancellationToken.None);
        Assert.Equal(cheap, await FirstAsync());
        await vault.Vault.Backend.RemoveAsync(new(ObjectKind.Key, cheap), CancellationToken.None);
        Assert.Equal(costly, await FirstAsync());

        async Task<ObjectId> FirstAsync()
        {
            var storage = new WatchedBackend(FaultScene.Storage(vault.Path)) { ListedBy = key => key.Name.Id == costly ? 0 : 1 };
            await using var opened = await VaultRepository.OpenAsync(storage, "the same".AsMemory(), TimeProvider.System, CancellationToken.None);
            return opened.KeyId;
        }
    }

    [Fact]
    public async Task They_cost_no_more_together_than_one_may()
    {
        await using var vault = await FolderVault.MakeAsync();
        await VaultKeys.AddAsync(vault.Vault, "second".AsMemory(), Owner, Costly, CancellationToken.None);
        var problem = await Assert.ThrowsAsync<VaultException>(
            () => new KeySearch("second".AsMemory(), mostWork: Costly.Work - 1).RunAsync(vault.Vault.Backend, CancellationToken.None));
        Assert.Equal(VaultFault.WrongPassword, problem.Fault);
        Assert.Contains("1 that would take very long were not tried", problem.Message, StringComparison.Ordinal);
        var (key, _) = await new KeySearch("second".AsMemory(), mostWork: Costly.Work).RunAsync(vault.Vault.Backend, CancellationToken.None);
        key.Dispose();
    }

    [Fact]
    public async Task Absurd_ones_and_many_do_not_keep_ours_from_opening()
    {
        await using var vault = await FolderVault.MakeAsync();
        foreach (var (n, r, p) in new[] { (1L << 30, 8, 1), (1 << 20, 1, 1), (1 << 25, 1 << 19, 1 << 19), (1 << 20, 8, 1 << 10) })
        {
            var json = $"{{\"kdf\":\"scrypt\",\"N\":{n},\"r\":{r},\"p\":{p},\"salt\":\"AAAA\",\"data\":\"{new string('A', 64)}\"}}";
            await SaveAsync(vault, Encoding.UTF8.GetBytes(json));
        }

        var check = await VaultCheck.RunAsync(vault.Vault, new(), CancellationToken.None);
        Assert.Equal(4, check.Findings.Count(f => f is { Kind: FindingKind.KeyUnreadable, IsDamage: true }));
        using var other = MasterKey.Create();
        for (var stranger = 0; stranger < KeySearch.MostFiles - 5; stranger++)
        {
            await SaveAsync(vault, KeyFile.Create("another", other, Owner, new(16, 1, 1)).Write());
        }

        await using (await vault.OpenAsync(FolderVault.Password))
        {
        }

        Assert.Equal(VaultFault.Damaged, (await Assert.ThrowsAsync<VaultException>(() => vault.OpenAsync("wrong"))).Fault);
    }

    private static Task SaveAsync(FolderVault vault, byte[] json) => vault.Vault.Backend.SaveAsync(new(ObjectKind.Key, ObjectId.Of(json)), json, CancellationToken.None);
}
