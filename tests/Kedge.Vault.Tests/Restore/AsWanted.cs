using System.Globalization;
using Kedge.Vault.Files;
using Kedge.Vault.Filters;
using Kedge.Vault.Format;
using Kedge.Vault.Tests.Interop;
using Kedge.Vault.Tests.Servers;
using Kedge.Vault.Tests.Snapshots;
using Xunit;

namespace Kedge.Vault.Tests.Restore;

/// <summary>Owners, holes, parts of a snapshot, and who restores.</summary>
public sealed class AsWanted
{
    [Fact]
    public async Task Owners_by_number_or_by_name()
    {
        Assert.SkipUnless(Identity.UserId == 0, "only root gives files away");
        await using var vault = await FolderVault.MakeAsync();
        using var forger = new Forger(vault);
        var (known, unknown) = (forger.File("known", [1]), forger.File("unknown", [2]));
        (known.UserId, known.GroupId, known.User, known.Group) = (4711, 4712, "daemon", "daemon");
        (unknown.UserId, unknown.GroupId, unknown.User, unknown.Group) = (4711, 4712, "nobody knows them", "nor these");
        var tree = forger.Tree(known, unknown);
        forger.Complete();
        (await vault.Vault.RestoreAsync(tree, vault.Beside("restored"))).WithoutProblems();
        Assert.Equal(["4711:4712", "4711:4712"], Owners());
        (await vault.Vault.RestoreAsync(tree, vault.Beside("restored"), w => w with { OwnersByName = true })).WithoutProblems();
        var passwd = File.ReadLines("/etc/passwd").Single(l => l.StartsWith("daemon:", StringComparison.Ordinal)).Split(':');
        var group = File.ReadLines("/etc/group").Single(l => l.StartsWith("daemon:", StringComparison.Ordinal)).Split(':');
        Assert.Equal([$"{passwd[2]}:{group[2]}", "4711:4712"], Owners());

        IEnumerable<string> Owners() => SeenTree.Of(vault.Beside("restored")).Entries.Where(e => e.Key != ".").Select(e => string.Create(CultureInfo.InvariantCulture, $"{e.Value.UserId}:{e.Value.GroupId}"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Zeros_are_left_out_where_that_is_wanted(bool sparse)
    {
        await using var vault = await FolderVault.MakeAsync();
        var data = vault.Beside("data");
        using (var top = HandMade.At(data))
        {
            var content = new byte[400_000];
            content[0] = content[200_000] = content[^1] = 1;
            top.File("islands", content);
            top.File("ends in zeros", [1, .. new byte[399_999]]);
            top.File("only zeros", new byte[400_001]);
            top.File("no zeros", EveryKind.Content(400_000, 1));
        }

        var backup = (await vault.BackUpAsync(data)).WithoutProblems();
        (await vault.RestoreAsync(backup, vault.Beside("restored"), w => w with { Sparse = sparse })).WithoutProblems();
        SeenTree.MustBeSame(data, vault.Beside("restored") + data);
        var seen = SeenTree.Of(vault.Beside("restored") + data).Entries;
        foreach (var name in new[] { "islands", "ends in zeros", "only zeros" })
        {
            Assert.Equal(!sparse, seen[name].Allocated > 350_000);
        }
    }

    [Fact]
    public async Task A_part_stands_in_folders_that_are_made_for_it()
    {
        await using var vault = await FolderVault.MakeAsync();
        var data = vault.Beside("data");
        EveryKind.Make(data);
        var backup = (await vault.BackUpAsync(data)).WithoutProblems();
        var target = vault.Beside("restored");
        var included = new IncludedPaths([PathPatterns.Parse(["links/below"u8.ToArray(), PathBytes.Of($"{data}/files/small")], ignoresCase: false)]);
        (await vault.RestoreAsync(backup, target, w => w with { Filter = included })).WithoutProblems();
        Assert.Equal(
            [".", "files", "files/small", "links", "links/below", "links/below/a link with two names", "links/below/alone", "links/below/large too", "links/below/third"],
            SeenTree.Of(target + data).Entries.Keys);
        var excluded = new ExcludedPaths([PathPatterns.Parse(["links"u8.ToArray(), "names"u8.ToArray(), "*e*"u8.ToArray(), PathBytes.Of($"!{data}")], ignoresCase: false)]);
        (await vault.Vault.RestoreAsync(await vault.FolderAsync(backup, data), vault.Beside("another"), w => w with { Filter = excluded })).WithoutProblems();
        Assert.All(SeenTree.Of(vault.Beside("another")).Entries.Keys, path => Assert.DoesNotContain('e', path));
    }

    [Fact]
    public async Task Nothing_is_done_where_it_is_only_to_be_told()
    {
        await using var vault = await FolderVault.MakeAsync();
        var data = vault.Beside("data");
        EveryKind.Make(data);
        var backup = (await vault.BackUpAsync(data)).WithoutProblems();
        var target = vault.Beside("restored");
        var told = (await vault.RestoreAsync(backup, target, w => w with { DryRun = true })).WithoutProblems();
        Assert.False(Directory.Exists(target));
        var done = (await vault.RestoreAsync(backup, target)).WithoutProblems();
        Assert.Equal(done.Acts.Order(), told.Acts.Order());
        await File.AppendAllTextAsync($"{target}{data}/files/small", "more");
        var before = SeenTree.Of(target);
        (await vault.RestoreAsync(backup, target, w => w with { DryRun = true, Delete = true })).WithoutProblems();
        SeenTree.MustBeSame(before, SeenTree.Of(target));
    }

    [Fact]
    public Task An_ordinary_user_gets_what_they_may_have() => OrdinaryUser.RunAsync(typeof(AsWanted), async () =>
    {
        await using var vault = await FolderVault.MakeAsync();
        using var forger = new Forger(vault);
        var (file, device) = (forger.File("file", "good"u8.ToArray()), Forger.Node("device", NodeKind.CharacterDevice));
        (file.UserId, file.GroupId, device.Device) = (0, 0, DeviceNumber.Of(1, 3));
        var closed = Forger.Folder("closed", forger.Tree(forger.File("inside", "good"u8.ToArray())));
        closed.Mode = 0x140;
        var tree = forger.Tree(closed, device, file);
        forger.Complete();
        for (var round = 0; round < 2; round++)
        {
            var run = await vault.Vault.RestoreAsync(tree, vault.Beside("restored"));
            Assert.Equal([$"{vault.Beside("restored")}/device"], run.Problems.Select(p => p.Path));
            var seen = SeenTree.Of(vault.Beside("restored")).Entries;
            Assert.Equal([".", "closed", "closed/inside", "file"], seen.Keys);
            Assert.Equal("500", seen["closed"].Permissions);
            Assert.Equal(4, seen["closed/inside"].Size);
            // For the next round, in place.
            File.SetUnixFileMode(vault.Beside("restored/closed"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            File.Delete(vault.Beside("restored/closed/inside"));
            File.SetUnixFileMode(vault.Beside("restored/closed"), 0);
        }

        File.SetUnixFileMode(vault.Beside("restored/closed"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    });
}
