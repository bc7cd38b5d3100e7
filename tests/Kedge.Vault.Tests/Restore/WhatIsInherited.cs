using Kedge.Vault.Files;
using Kedge.Vault.Tests.Interop;
using Kedge.Vault.Tests.Snapshots;
using Xunit;

namespace Kedge.Vault.Tests.Restore;

/// <summary>Folders hand their group and ACL on to what is made in them; a snapshot's entries have their own.</summary>
public sealed class WhatIsInherited
{
    /// <summary>Where in the way to what is restored the folder stands that hands something on: the target, one above it, those that the snapshot has too.</summary>
    public static TheoryData<string, bool> Places => new(
        from place in new[] { "", "/restored", "/restored/inner", "/restored/inner/data", "/restored/inner/data/folder" }
        from isMade in new[] { true, false }
        select (place, isMade));

    [Theory]
    [MemberData(nameof(Places))]
    public async Task An_ACL_for_new_entries_does_not_reach_what_is_restored(string place, bool targetExists)
    {
        await RestoreAsync(place, targetExists, (folder, name) => Assert.SkipUnless(folder.Acl(name, forNewEntries: true), "no ACLs here"));
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task Nor_does_a_group(string place, bool targetExists)
    {
        Assert.SkipUnless(Identity.UserId == 0, "only root gives files to a group that it is not in");
        await RestoreAsync(place, targetExists, (folder, name) =>
        {
            folder.Owner(name, 0, 1234);
            folder.Permissions(name, 0x400 | 0x1ff);
        });
    }

    private static async Task RestoreAsync(string place, bool targetExists, Action<HandMade, string> prepare)
    {
        await using var vault = await FolderVault.MakeAsync();
        var data = vault.Beside("data");
        using (var top = HandMade.At(data))
        {
            top.File("file", "content"u8);
            top.File("private", "content"u8);
            top.Permissions("private", 0x180);
            top.Link("link", "target");
            top.Special("pipe", FileKind.Pipe);
            using var below = top.Folder("folder");
            below.File("file", "content"u8);
            below.HardLink("file", below, "its other name");
            below.Folder("folder").Dispose();
            top.Permissions("file", 0x1a4);
        }

        var backup = (await vault.BackUpAsync(data)).WithoutProblems();
        var tree = (await vault.FolderAsync(backup, data));
        var (top2, target) = (vault.Beside("top"), vault.Beside("top") + "/restored");
        Directory.CreateDirectory(top2 + place);
        using (var parent = HandMade.At(Path.GetDirectoryName(top2 + place)!))
        {
            prepare(parent, Path.GetFileName(top2 + place));
        }

        if (targetExists)
        {
            Directory.CreateDirectory(target + "/inner/data");
        }

        (await vault.Vault.RestoreAsync(tree, target + "/inner/data")).WithoutProblems();
        SeenTree.MustBeSame(SeenTree.Of(data), SeenTree.Of(target + "/inner/data"), ".");
        (await vault.RestoreAsync(backup, target)).WithoutProblems();
        SeenTree.MustBeSame(data, target + data);
    }
}
