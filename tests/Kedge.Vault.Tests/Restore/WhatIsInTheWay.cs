using Kedge.Vault.Files;
using Kedge.Vault.Restore;
using Kedge.Vault.Tests.Interop;
using Kedge.Vault.Tests.Snapshots;
using Xunit;

namespace Kedge.Vault.Tests.Restore;

/// <summary>Something else stands where a restore makes its entries: it is replaced or left, as wanted, and never followed.</summary>
public sealed class WhatIsInTheWay
{
    private static readonly string[] Kinds = ["file", "folder", "link", "pipe"];

    [Theory]
    [InlineData(Overwrite.Always)]
    [InlineData(Overwrite.IfChanged)]
    [InlineData(Overwrite.IfNewer)]
    public async Task Wrong_kinds_are_replaced(Overwrite overwrite)
    {
        await using var vault = await FolderVault.MakeAsync();
        var (data, target) = (vault.Beside("data"), vault.Beside("restored"));
        MakeOutside(vault);
        Make(data, (top, expected, _) => MakeOne(top, $"{expected}", expected, vault));
        var backup = (await vault.BackUpAsync(data)).WithoutProblems();
        foreach (var wrong in Kinds)
        {
            Make(target + data, (top, expected, _) => MakeOne(top, expected, wrong == expected ? "file" : wrong, vault));
            (await vault.RestoreAsync(backup, target, w => w with { Overwrite = overwrite, Delete = true })).WithoutProblems();
            if (overwrite != Overwrite.IfNewer)
            {
                SeenTree.MustBeSame(data, target + data);
            }

            Assert.Equal(SeenTree.Of(data).Entries.Select(e => (e.Key, e.Value.Kind)), SeenTree.Of(target + data).Entries.Select(e => (e.Key, e.Value.Kind)));
            Directory.Delete(target, recursive: true);
        }

        MustBeUntouched(vault);
    }

    [Fact]
    public async Task A_folder_with_something_in_it_stays_unless_surplus_is_to_go()
    {
        await using var vault = await FolderVault.MakeAsync();
        var (data, target) = (vault.Beside("data"), vault.Beside("restored"));
        string[] names = ["file", "link", "pipe"];
        using (var top = HandMade.At(data))
        {
            Array.ForEach(names, name => MakeOne(top, name, name, vault));
            top.File("second name", "content"u8);
            top.HardLink("second name", top, "third name");
        }

        var backup = (await vault.BackUpAsync(data)).WithoutProblems();
        using (var top = HandMade.At(target + data))
        {
            Array.ForEach(names, name => MakeOne(top, name, "folder", vault));
            MakeOne(top, "third name", "folder", vault);
            top.Folder("second name").Dispose();
        }

        var restore = await vault.RestoreAsync(backup, target, w => w with { Overwrite = Overwrite.IfChanged });
        Assert.Equal([.. names, "third name"], restore.Problems.Select(p => Path.GetFileName(p.Path)).Order());
        Assert.All(restore.Problems, p => Assert.Contains("--delete", p.What, StringComparison.Ordinal));
        Assert.All([.. names, "third name"], name => Assert.True(File.Exists(Path.Join(target + data, name, "inside"))));
        Assert.Equal("content", await File.ReadAllTextAsync(Path.Join(target + data, "second name"), TestContext.Current.CancellationToken));

        (await vault.RestoreAsync(backup, target, w => w with { Delete = true })).WithoutProblems();
        SeenTree.MustBeSame(data, target + data);
    }

    [Fact]
    public async Task Where_nothing_is_to_be_overwritten_all_stays()
    {
        await using var vault = await FolderVault.MakeAsync();
        var (data, target) = (vault.Beside("data"), vault.Beside("restored"));
        MakeOutside(vault);
        Make(data, (top, expected, _) => MakeOne(top, expected, expected, vault));
        using (var top = HandMade.At(data))
        {
            top.File("first", "linked"u8);
            top.HardLink("first", top, "second");
            top.File("third", "linked too"u8);
            top.HardLink("third", top, "fourth");
        }

        var backup = (await vault.BackUpAsync(data)).WithoutProblems();
        Make(target + data, (top, expected, number) => MakeOne(top, expected, Kinds[(number + 1) % Kinds.Length], vault));
        using (var top = HandMade.At(target + data))
        {
            top.File("second", "of its own"u8);
            top.File("third", "of its own"u8);
        }

        var before = SeenTree.Of(target + data);
        var restore = await vault.RestoreAsync(backup, target, w => w with { Overwrite = Overwrite.Never });
        var after = SeenTree.Of(target + data);
        foreach (var (path, entry) in before.Entries.Where(e => e.Key != "."))
        {
            Assert.Equal((path, entry, entry.Inode), (path, after.Entries[path], after.Entries[path].Inode));
        }

        Assert.Equal(["first", "fourth"], after.Entries.Keys.Except(before.Entries.Keys));
        // What is in a folder that stays out is not restored: that is no small thing.
        Assert.Equal([$"{target}{data}/folder"], restore.Problems.Select(p => p.Path));
        MustBeUntouched(vault);
    }

    [Theory]
    [InlineData(Overwrite.IfChanged, "as it was", "newer", "older")]
    [InlineData(Overwrite.IfNewer, "as it was", "older")]
    [InlineData(Overwrite.Always, "as it was", "newer", "older", "same size and time")]
    public async Task Files_are_compared_as_wanted(Overwrite overwrite, params string[] restored)
    {
        await using var vault = await FolderVault.MakeAsync();
        var (data, target) = (vault.Beside("data"), vault.Beside("restored"));
        string[] names = ["as it was", "newer", "older", "same size and time"];
        Write(data, names, name => (name, 1_000_000_000));
        var backup = (await vault.BackUpAsync(data)).WithoutProblems();
        Write(target + data, names, name => name switch
        {
            "as it was" => (name, 1_000_000_000),
            "newer" => ("changed later", 1_000_000_001),
            "older" => ("changed before", 999_999_999),
            _ => (name.ToUpperInvariant(), 1_000_000_000),
        });
        (await vault.RestoreAsync(backup, target, w => w with { Overwrite = overwrite })).WithoutProblems();
        Assert.Equal(restored, names.Where(name => File.ReadAllText(Path.Join(target + data, name)) == name));

        static void Write(string folder, string[] names, Func<string, (string Content, long Time)> of)
        {
            using var top = HandMade.At(folder);
            foreach (var name in names)
            {
                var (content, time) = of(name);
                top.File(name, HandMade.Bytes(content));
                top.Times(name, time, 0);
            }
        }
    }

    [Fact]
    public async Task Other_names_of_a_file_keep_what_they_have()
    {
        await using var vault = await FolderVault.MakeAsync();
        var (data, target) = (vault.Beside("data"), vault.Beside("restored"));
        using (var top = HandMade.At(data))
        {
            top.File("file", "as it was"u8);
            top.Permissions("file", 0x1ff);
            top.Link("link", "a target");
        }

        var backup = (await vault.BackUpAsync(data)).WithoutProblems();
        using (var top = HandMade.At(target + data))
        using (var outside = HandMade.At(vault.Beside("outside")))
        {
            outside.File("file", "somebody else's"u8);
            outside.Permissions("file", 0x180);
            outside.HardLink("file", top, "file");
            outside.Link("link", "another");
            outside.HardLink("link", top, "link");
        }

        var before = SeenTree.Of(vault.Beside("outside"));
        (await vault.RestoreAsync(backup, target)).WithoutProblems();
        SeenTree.MustBeSame(data, target + data);
        SeenTree.MustBeSame(before, SeenTree.Of(vault.Beside("outside")));
    }

    [Fact]
    public async Task The_target_itself_may_be_a_link_of_a_persons()
    {
        await using var vault = await FolderVault.MakeAsync();
        var data = vault.Beside("data");
        using (var top = HandMade.At(data))
        {
            top.File("file", "content"u8);
        }

        var backup = (await vault.BackUpAsync(data)).WithoutProblems();
        Directory.CreateDirectory(vault.Beside("disk"));
        File.CreateSymbolicLink(vault.Beside("restored"), "disk");
        (await vault.RestoreAsync(backup, vault.Beside("restored"))).WithoutProblems();
        SeenTree.MustBeSame(data, vault.Beside("disk") + data);
        await File.WriteAllTextAsync(vault.Beside("a file"), "");
        var problem = await Assert.ThrowsAsync<VaultException>(() => vault.RestoreAsync(backup, vault.Beside("a file")));
        Assert.Equal(VaultFault.FileSystem, problem.Fault);
    }

    private static void Make(string folder, Action<HandMade, string, int> make)
    {
        using var top = HandMade.At(folder);
        for (var number = 0; number < Kinds.Length; number++)
        {
            make(top, Kinds[number], number);
        }
    }

    private static void MakeOne(HandMade top, string name, string kind, FolderVault vault)
    {
        switch (kind)
        {
            case "file":
                top.File(name, "content"u8);
                break;
            case "folder":
                using (var below = top.Folder(name))
                {
                    below.File("inside", "content"u8);
                    below.Link("to the outside", vault.Beside("outside"));
                }

                break;
            case "link":
                top.Link(name, vault.Beside("outside") + (name == "file" ? "/file" : ""));
                break;
            default:
                top.Special(name, FileKind.Pipe);
                break;
        }
    }

    private static void MakeOutside(FolderVault vault)
    {
        using var outside = HandMade.At(vault.Beside("outside"));
        outside.File("file", "untouched"u8);
        outside.Times("file", 1, 1);
    }

    private static void MustBeUntouched(FolderVault vault)
    {
        var seen = SeenTree.Of(vault.Beside("outside")).Entries;
        Assert.Equal([".", "file"], seen.Keys);
        Assert.Equal("1.000000001", seen["file"].Modified);
        Assert.Equal("untouched", File.ReadAllText(Path.Join(vault.Beside("outside"), "file")));
    }
}
