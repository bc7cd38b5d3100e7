using Kedge.Vault.Format;
using Kedge.Vault.Memory;
using Kedge.Vault.Tests.Snapshots;
using Xunit;

namespace Kedge.Vault.Tests.Memory;

/// <summary>The file in which a client keeps what it has seen.</summary>
public sealed class MemoryOfAVault
{
    [Fact]
    public async Task Is_for_its_owner_only_and_whole()
    {
        await using var vault = await FolderVault.MakeAsync();
        var folder = vault.Beside("state/kedge/vault");
        var memory = await VaultMemory.OpenAsync(vault.Vault, folder, CancellationToken.None);
        Assert.Equal((true, null), (memory.IsNew, memory.Problem));
        await memory.RememberAsync(await vault.ListAsync(), CancellationToken.None);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Join(folder, vault.Vault.Config.Id)));
        Assert.Equal([vault.Vault.Config.Id, $"{vault.Vault.Config.Id}.lock"], Directory.EnumerateFiles(folder).Select(Path.GetFileName).Order());
        Assert.False((await VaultMemory.OpenAsync(vault.Vault, folder, CancellationToken.None)).IsNew);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{\"version\":1,\"vault\":\"another\",\"sequence\":1,\"listed_at\":1,\"newest\":[],\"leaving\":[],\"removed\":[],\"removed_keys\":[]}")]
    [InlineData("{\"version\":1,\"vault\":\"VAULT\",\"sequence\":\"1\"}")]
    [InlineData("{\"version\":1,\"vault\":\"VAULT\",\"sequence\":1,\"listed_at\":1,\"newest\":[{\"id\":\"x\"}],\"leaving\":[],\"removed\":[],\"removed_keys\":[]}")]
    [InlineData("{\"version\":1,\"vault\":\"VAULT\",\"sequence\":1,\"listed_at\":1,\"newest\":[7],\"leaving\":[null],\"removed\":{},\"removed_keys\":[]}")]
    public async Task That_cannot_be_read_is_told_put_aside_and_begun_anew(string text)
    {
        await using var vault = await FolderVault.MakeAsync();
        var (folder, path) = (vault.Beside("state"), Path.Join(vault.Beside("state"), vault.Vault.Config.Id));
        Directory.CreateDirectory(folder);
        text = text.Replace("VAULT", vault.Vault.Config.Id, StringComparison.Ordinal);
        await File.WriteAllTextAsync(path, text);
        var memory = await VaultMemory.OpenAsync(vault.Vault, folder, CancellationToken.None);
        Assert.Contains(path, memory.Problem, StringComparison.Ordinal);
        Assert.False(memory.IsNew);
        await memory.CheckAsync(CancellationToken.None);
        await memory.RememberAsync(await vault.ListAsync(), CancellationToken.None);
        Assert.Equal(text, await File.ReadAllTextAsync($"{path}.unreadable"));
        Assert.Null((await VaultMemory.OpenAsync(vault.Vault, folder, CancellationToken.None)).Problem);
    }

    [Fact]
    public async Task Loses_nothing_where_many_write_at_once()
    {
        await using var vault = await FolderVault.MakeAsync();
        var folder = vault.Beside("state");
        var snapshots = new List<Kedge.Vault.Snapshots.StoredSnapshot>();
        for (var i = 0; i < 12; i++)
        {
            snapshots.Add(await vault.AddAsync(new() { Time = new(i, 0, 0), Tree = ObjectId.Of("tree"u8), Paths = [$"/{i}"], Hostname = "host" }));
        }

        await Parallel.ForEachAsync(snapshots, async (snapshot, token) =>
            await (await VaultMemory.OpenAsync(vault.Vault, folder, token)).RememberWrittenAsync(snapshot, token));
        var text = await File.ReadAllTextAsync(Path.Join(folder, vault.Vault.Config.Id));
        Assert.All(snapshots, snapshot => Assert.Contains(snapshot.Id.ToString(), text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task That_cannot_be_kept_is_an_error_that_says_so()
    {
        await using var vault = await FolderVault.MakeAsync();
        await File.WriteAllTextAsync(vault.Beside("file"), "");
        var memory = await VaultMemory.OpenAsync(vault.Vault, vault.Beside("file/state"), CancellationToken.None);
        var problem = await Assert.ThrowsAsync<VaultException>(async () => await memory.RememberAsync(await vault.ListAsync(), CancellationToken.None));
        Assert.Equal(VaultFault.FileSystem, problem.Fault);
    }

    [Fact]
    public void Is_where_the_desktop_specification_wants_it()
    {
        Assert.Equal("/state/kedge/vault", Usual(("XDG_STATE_HOME", "/state"), ("HOME", "/home/ann")));
        Assert.Equal("/home/ann/.local/state/kedge/vault", Usual(("HOME", "/home/ann")));
        Assert.Equal("/home/ann/.local/state/kedge/vault", Usual(("XDG_STATE_HOME", "relative"), ("HOME", "/home/ann")));
        Assert.Equal(VaultFault.Misuse, Assert.Throws<VaultException>(() => Usual()).Fault);

        static string Usual(params (string Name, string Value)[] variables) =>
            MemoryPlace.Usual(name => Array.Find(variables, v => v.Name == name).Value);
    }
}
