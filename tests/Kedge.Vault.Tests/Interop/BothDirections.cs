using Kedge.Vault.Tests.Servers;
using Kedge.Vault.Tests.Snapshots;
using Xunit;

namespace Kedge.Vault.Tests.Interop;

/// <summary>What one side wrote, the other reads: everything that a file system can have, the same in every respect.</summary>
public sealed class BothDirections
{
    /// <summary>
    /// What a stock restic does not bring back: none keeps sockets, or makes one of a symbolic link with two names; before
    /// 0.17 targets of links are text, and what is not UTF-8 in them is lost, as are attributes of links.
    /// </summary>
    private static string[] LimitsOf(string version) =>
        version == "0.14" ? [EveryKind.Socket, EveryKind.LinkedLink, EveryKind.OddLink, EveryKind.LinkWithAttribute] : [EveryKind.Socket, EveryKind.LinkedLink];

    [Fact]
    public async Task What_we_wrote_we_restore()
    {
        await using var vault = await FolderVault.MakeAsync();
        var data = vault.Beside("data");
        EveryKind.Make(data);
        var backup = (await vault.BackUpAsync(data)).WithoutProblems();
        (await vault.RestoreAsync(backup, vault.Beside("restored"))).WithoutProblems();
        SeenTree.MustBeSame(data, vault.Beside("restored") + data);
        var holes = SeenTree.Of(vault.Beside("restored") + data).Entries["files/only a hole"];
        Assert.True(holes.Allocated < 1 << 20, $"{holes.Allocated} bytes for a hole");
    }

    [Theory]
    [InlineData("0.14", 2)]
    [InlineData("0.18", 2)]
    [InlineData("0.18", 1)]
    public async Task What_we_wrote_restic_checks_lists_and_restores(string version, int format)
    {
        await using var vault = await FolderVault.MakeAsync(TimeProvider.System, format);
        var data = vault.Beside("data");
        EveryKind.Make(data);
        var backup = (await vault.BackUpAsync(data)).WithoutProblems();
        using var restic = vault.Restic(version);
        (await restic.RunAsync("check", "--read-data")).Succeeded();
        var listed = (await restic.RunAsync("ls", "--json", "latest", "--recursive", data)).Succeeded();
        Assert.Equal(SeenTree.Of(data).Entries.Count, listed.Split('\n').Count(line => line.Contains($"\"path\":\"{data}", StringComparison.Ordinal)));
        string[] holes = version == "0.14" ? [] : ["--sparse"];
        (await restic.RunAsync(["restore", backup.Outcome.Snapshot.ToString()!, "--target", vault.Beside("restored"), .. holes])).Succeeded();
        SeenTree.MustBeSame(data, vault.Beside("restored") + data, LimitsOf(version));
        Assert.True(holes.Length == 0 || SeenTree.Of(vault.Beside("restored") + data).Entries["files/only a hole"].Allocated < 1 << 20);
        Assert.Equal("", (await restic.RunAsync("list", "locks")).Succeeded());
    }

    [Theory]
    [InlineData("0.14", 1, "auto")]
    [InlineData("0.14", 2, "auto")]
    [InlineData("0.18", 1, "auto")]
    [InlineData("0.18", 2, "auto")]
    [InlineData("0.18", 2, "max")]
    [InlineData("0.18", 2, "off")]
    public async Task What_restic_wrote_we_restore(string version, int format, string compression)
    {
        // Making one costs a second's work on its key: once a version and format.
        await using var vault = compression == "auto" ? await FolderVault.MadeByResticAsync(version, format) : await FolderVault.MakeAsync();
        var data = vault.Beside("data");
        EveryKind.Make(data);
        using var restic = vault.Restic(version);
        (await restic.RunAsync("backup", "--compression", compression, data)).Succeeded();
        var snapshot = Assert.Single((await vault.ListAsync()).Snapshots);
        (await vault.Vault.RestoreAsync(snapshot.File.Tree, vault.Beside("restored"))).WithoutProblems();
        SeenTree.MustBeSame(data, vault.Beside("restored") + data, LimitsOf(version));
    }

    [Fact]
    public async Task Any_of_several_keys_opens_what_either_side_wrote()
    {
        await using var vault = await FolderVault.MadeByResticAsync("0.18", 2);
        var data = vault.Beside("data");
        EveryKind.Make(data);
        foreach (var (version, password) in new[] { ("0.14", "a second"), ("0.18", "und noch eins: grüße") })
        {
            await File.WriteAllTextAsync(vault.Beside("password"), password);
            using var restic = vault.Restic(version);
            (await restic.RunAsync("key", "add", "--new-password-file", vault.Beside("password"))).Succeeded();
        }

        foreach (var password in new[] { FolderVault.Password, "a second", "und noch eins: grüße" })
        {
            await using var opened = await vault.OpenAsync(password);
            (await opened.BackUpAsync(Runs.Backup(data))).WithoutProblems();
        }

        using var last = new Restic("0.14", vault.Path, "und noch eins: grüße");
        (await last.RunAsync("restore", "latest", "--target", vault.Beside("restored"))).Succeeded();
        SeenTree.MustBeSame(data, vault.Beside("restored") + data, LimitsOf("0.14"));
        var problem = await Assert.ThrowsAsync<VaultException>(() => vault.OpenAsync("a third"));
        Assert.Equal(VaultFault.WrongPassword, problem.Fault);
    }
}
