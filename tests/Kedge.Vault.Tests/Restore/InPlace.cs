using Kedge.Vault.Filters;
using Kedge.Vault.Restore;
using Kedge.Vault.Tests.Interop;
using Kedge.Vault.Tests.Servers;
using Kedge.Vault.Tests.Snapshots;
using Xunit;

namespace Kedge.Vault.Tests.Restore;

/// <summary>Over what is there already: only what differs is touched, and what must not be touched is not.</summary>
public sealed class InPlace
{
    [Fact]
    public async Task Nothing_is_touched_where_nothing_differs()
    {
        await using var vault = await FolderVault.MakeAsync();
        var (backup, folder) = await RestoredAsync(vault);
        var before = SeenTree.Of(folder);
        var again = (await vault.RestoreAsync(backup, vault.Beside("restored"), w => w with { Delete = true })).WithoutProblems();
        MustBeUntouched(before, SeenTree.Of(folder));
        Assert.Empty(again.Paths(RestoreAct.Changed));
        Assert.Empty(again.Paths(RestoreAct.Removed));
        Assert.Equal(again.Progress.BytesFound, again.Progress.BytesKept);
    }

    [Fact]
    public async Task Only_what_differs_is_written()
    {
        await using var vault = await FolderVault.MakeAsync();
        var (backup, folder) = await RestoredAsync(vault);
        var before = SeenTree.Of(folder);
        using (var file = File.OpenWrite(Path.Join(folder, "files", "zeros")))
        {
            file.Seek(1_000_000, SeekOrigin.Begin);
            file.Write("damage"u8);
        }

        await File.AppendAllTextAsync(Path.Join(folder, "files", "small"), "more");
        File.Delete(Path.Join(folder, "files", "before the epoch"));
        using (var files = HandMade.At(Path.Join(folder, "files")))
        {
            files.Permissions("in a far future", 0x1c0);
            files.Times("without nanoseconds", 5, 5);
            files.Attribute("empty", "user.new", 1);
        }

        var again = (await vault.RestoreAsync(backup, vault.Beside("restored"))).WithoutProblems();
        var after = SeenTree.Of(folder);
        SeenTree.MustBeSame(before, after);
        MustBeUntouched(before, after, "files", "files/zeros", "files/small", "files/before the epoch", "files/in a far future", "files/without nanoseconds", "files/empty");
        Assert.Equal([$"{folder}/files/small", $"{folder}/files/zeros"], again.Paths(RestoreAct.Changed));
        // A piece of the file of zeros, and the small file.
        Assert.InRange(again.Progress.BytesDone - again.Progress.BytesKept, 1, (2 << 20) + 100);
        Assert.Equal(before.Entries["files/zeros"].Inode, after.Entries["files/zeros"].Inode);
    }

    [Theory]
    [InlineData(Overwrite.Always)]
    [InlineData(Overwrite.IfChanged)]
    public async Task Names_that_a_file_has_lost_are_names_of_it_again(Overwrite overwrite)
    {
        await using var vault = await FolderVault.MakeAsync();
        var (backup, folder) = await RestoredAsync(vault);
        var before = SeenTree.Of(folder);
        foreach (var name in new[] { "links/second", "links/below/large too" })
        {
            File.Delete(Path.Join(folder, name));
        }

        (await vault.RestoreAsync(backup, vault.Beside("restored"), w => w with { Overwrite = overwrite })).WithoutProblems();
        SeenTree.MustBeSame(before, SeenTree.Of(folder));
    }

    [Fact]
    public async Task What_the_snapshot_does_not_have_is_removed_where_that_is_wanted()
    {
        await using var vault = await FolderVault.MakeAsync();
        var (backup, folder) = await RestoredAsync(vault);
        var before = SeenTree.Of(folder);
        Directory.CreateDirectory(vault.Beside("outside"));
        await File.WriteAllTextAsync(Path.Join(vault.Beside("outside"), "stays"), "");
        using (var top = HandMade.At(folder))
        {
            top.File("surplus");
            top.Link("surplus link", vault.Beside("outside"));
            using var below = top.Folder("surplus folder");
            below.File("x\ny\xff");
            below.Link("link", vault.Beside("outside"));
        }

        (await vault.RestoreAsync(backup, vault.Beside("restored"))).WithoutProblems();
        Assert.True(Directory.Exists(Path.Join(folder, "surplus folder")));
        var dry = (await vault.RestoreAsync(backup, vault.Beside("restored"), w => w with { Delete = true, DryRun = true })).WithoutProblems();
        Assert.True(Directory.Exists(Path.Join(folder, "surplus folder")));
        var again = (await vault.RestoreAsync(backup, vault.Beside("restored"), w => w with { Delete = true })).WithoutProblems();
        Assert.Equal([$"{folder}/surplus", $"{folder}/surplus folder", $"{folder}/surplus link"], again.Paths(RestoreAct.Removed));
        Assert.Equal(again.Paths(RestoreAct.Removed), dry.Paths(RestoreAct.Removed));
        Assert.Equal(3, again.Progress.Removed);
        SeenTree.MustBeSame(before, SeenTree.Of(folder));
        Assert.True(File.Exists(Path.Join(vault.Beside("outside"), "stays")));
    }

    [Fact]
    public async Task What_is_left_out_is_neither_restored_nor_removed()
    {
        await using var vault = await FolderVault.MakeAsync();
        var (backup, folder) = await RestoredAsync(vault);
        await File.WriteAllTextAsync(Path.Join(folder, "files", "surplus"), "");
        await File.WriteAllTextAsync(Path.Join(folder, "links", "surplus"), "");
        await File.AppendAllTextAsync(Path.Join(folder, "links", "first"), "not as it was");
        File.Delete(Path.Join(folder, "files", "small"));
        var included = new IncludedPaths([PathPatterns.Parse(["files"u8.ToArray()], ignoresCase: false)]);
        (await vault.RestoreAsync(backup, vault.Beside("restored"), w => w with { Delete = true, Filter = included })).WithoutProblems();
        Assert.False(File.Exists(Path.Join(folder, "files", "surplus")));
        Assert.True(File.Exists(Path.Join(folder, "files", "small")));
        Assert.True(File.Exists(Path.Join(folder, "links", "surplus")));
        Assert.EndsWith("not as it was", await File.ReadAllTextAsync(Path.Join(folder, "links", "first")));
    }

    [Fact]
    public Task Files_that_may_not_be_written_are_for_their_owner() => OrdinaryUser.RunAsync(typeof(InPlace), async () =>
    {
        await using var vault = await FolderVault.MakeAsync();
        var (backup, folder) = await RestoredAsync(vault);
        var before = SeenTree.Of(folder);
        var path = Path.Join(folder, "files", "mode 400");
        using (var files = HandMade.At(Path.Join(folder, "files")))
        {
            files.Permissions("mode 400", 0x180);
            await File.WriteAllTextAsync(path, "X");
            files.Permissions("mode 400", 0x100);
        }

        (await vault.RestoreAsync(backup, vault.Beside("restored"))).WithoutProblems();
        var after = SeenTree.Of(folder);
        SeenTree.MustBeSame(before, after);
        // A closed folder of one's own is opened for whatever there may be to do in it.
        MustBeUntouched(before, after, "files", "files/mode 400", "files/closed");
        Assert.Equal(before.Entries["files/mode 400"].Inode, after.Entries["files/mode 400"].Inode);
    });

    private static async Task<(BackupRun Backup, string Folder)> RestoredAsync(FolderVault vault)
    {
        var data = vault.Beside("data");
        EveryKind.Make(data);
        var backup = (await vault.BackUpAsync(data)).WithoutProblems();
        (await vault.RestoreAsync(backup, vault.Beside("restored"))).WithoutProblems();
        return (backup, vault.Beside("restored") + data);
    }

    private static void MustBeUntouched(SeenTree before, SeenTree after, params string[] but)
    {
        static string Trace(SeenEntry? entry) => $"inode {entry?.Inode} changed {entry?.Changed}";
        Assert.Equal(
            [],
            before.Entries.Where(e => !but.Contains(e.Key) && Trace(e.Value) != Trace(after.Entries.GetValueOrDefault(e.Key))).Select(e => $"{e.Key}: {Trace(e.Value)}, now {Trace(after.Entries.GetValueOrDefault(e.Key))}"));
    }
}
