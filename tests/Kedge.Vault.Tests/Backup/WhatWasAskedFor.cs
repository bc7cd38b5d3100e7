using Kedge.Vault.Browse;
using Kedge.Vault.Files;
using Kedge.Vault.Filters;
using Kedge.Vault.Tests.Browse;
using Kedge.Vault.Tests.Interop;
using Kedge.Vault.Tests.Snapshots;
using Xunit;

namespace Kedge.Vault.Tests.Backup;

/// <summary>Where in a snapshot stands what a person named, in whatever way: as in restic's.</summary>
public sealed class WhatWasAskedFor
{
    [Theory]
    [InlineData("/a", "/b/c")]
    [InlineData("/a", "/a/inside")]
    [InlineData("/a/", "//b/./c/../c")]
    [InlineData("/link/inside")]
    [InlineData("/link")]
    [InlineData("/a/inside", "/b/c/deep/file", "/file")]
    [InlineData("")]
    public async Task Absolute_paths(params string[] paths)
    {
        await using var vault = await MakeAsync();
        await CompareAsync(vault, paths.Select(p => vault.Beside("data") + p));
    }

    [Theory]
    [InlineData("/a")]
    [InlineData("/a", "/b/c", "/file")]
    [InlineData("/link/inside")]
    [InlineData("/b/..", "/file")]
    [InlineData("")]
    public async Task Relative_paths_that_lead_up(params string[] paths)
    {
        await using var vault = await MakeAsync();
        await CompareAsync(vault, paths.Select(p => Path.GetRelativePath(Environment.CurrentDirectory, vault.Beside("data")) + p));
    }

    [Fact]
    public async Task Paths_that_lead_up_to_different_folders_are_refused()
    {
        await using var vault = await MakeAsync();
        var problem = await Assert.ThrowsAsync<VaultException>(() => vault.Vault.BackUpAsync(Runs.Backup(".", "..")));
        Assert.Equal(VaultFault.Misuse, problem.Fault);
        problem = await Assert.ThrowsAsync<VaultException>(() => vault.Vault.BackUpAsync(Runs.Backup("/dev/null", "..")));
        Assert.Equal(VaultFault.Misuse, problem.Fault);
    }

    [Fact]
    public async Task What_does_not_exist_is_told_and_the_rest_backed_up()
    {
        await using var vault = await MakeAsync();
        var backup = await vault.BackUpAsync(vault.Beside("data/a"), vault.Beside("data/nothing"), vault.Beside("no/where"));
        Assert.Equal([vault.Beside("data/nothing"), vault.Beside("no/where")], backup.Problems.Select(p => p.Path).Order(StringComparer.Ordinal));
        Assert.Equal([vault.Beside("data/a/inside")], backup.Acts.Keys);
        var problem = await Assert.ThrowsAsync<VaultException>(() => vault.BackUpAsync(vault.Beside("no/where")));
        Assert.Equal(VaultFault.NotFound, problem.Fault);
        Assert.Single((await vault.ListAsync()).Snapshots);
    }

    [Fact]
    public async Task What_does_not_exist_stands_in_no_snapshot_and_keeps_no_parent_from_being_found()
    {
        await using var vault = await MakeAsync();
        string[] paths = [vault.Beside("data/b"), vault.Beside("data/nothing"), vault.Beside("data/a/inside/nothing"), vault.Beside("data/a")];
        var ours = await vault.BackUpAsync(paths);
        Assert.Equal([vault.Beside("data/a"), vault.Beside("data/b")], ours.Outcome.File.Paths);
        Assert.Equal(ours.Outcome.Snapshot, (await vault.ParentAsync(paths))?.Id);
        using var restic = vault.Restic("0.18");
        await restic.RunAsync("backup", "--host", "harbour", paths[0], paths[1], paths[3]);
        var theirs = (await vault.ListAsync()).Snapshots.Single(s => s.Id != ours.Outcome.Snapshot);
        Assert.Equal(theirs.File.Paths.Order(StringComparer.Ordinal), ours.Outcome.File.Paths);
        Assert.Equal(ours.Outcome.Snapshot, theirs.File.Parent);
    }

    [Fact]
    public async Task What_is_excluded_stands_in_the_snapshot_as_in_restics()
    {
        await using var vault = await MakeAsync();
        string[] paths = [vault.Beside("data/a"), vault.Beside("data/b")];
        var wanted = Runs.Backup(paths) with { Filter = new ExcludedPaths([PathPatterns.Parse([PathBytes.Of(paths[1])], ignoresCase: false)]) };
        var ours = (await vault.Vault.BackUpAsync(wanted)).WithoutProblems();
        using var restic = vault.Restic("0.18");
        (await restic.RunAsync(["backup", "--host", "harbour", "--exclude", paths[1], .. paths])).Succeeded();
        var theirs = (await vault.ListAsync()).Snapshots.Single(s => s.Id != ours.Outcome.Snapshot);
        Assert.Equal(theirs.File.Paths, ours.Outcome.File.Paths);
    }

    private static async Task<FolderVault> MakeAsync()
    {
        var vault = await FolderVault.MakeAsync();
        using var top = HandMade.At(vault.Beside("data"));
        using var a = top.Folder("a");
        a.File("inside", [1]);
        using var b = top.Folder("b");
        using var c = b.Folder("c");
        using var deep = c.Folder("deep");
        deep.File("file", [2]);
        b.File("beside", [3]);
        top.File("file", [4]);
        top.Link("link", "a");
        return vault;
    }

    private static async Task CompareAsync(FolderVault vault, IEnumerable<string> paths)
    {
        string[] all = [.. paths];
        var ours = (await vault.BackUpAsync(all)).WithoutProblems();
        using var restic = vault.Restic("0.18");
        (await restic.RunAsync(["backup", "--host", "harbour", .. all])).Succeeded();
        var theirs = (await vault.ListAsync()).Snapshots.Single(s => s.Id != ours.Outcome.Snapshot);
        Assert.Equal(theirs.File.Paths, ours.Outcome.File.Paths);
        Assert.Equal(theirs.Id, (await vault.ParentAsync(all))?.Id);
        var listed = await SampleTree.ListAsync(vault, ours.Outcome.File.Tree, ListingWanted.All);
        Assert.Equal((await SampleTree.ListAsync(vault, theirs.File.Tree, ListingWanted.All)).Select(e => $"{e.Path} {e.Kind}"), listed.Select(e => $"{e.Path} {e.Kind}"));
    }
}
