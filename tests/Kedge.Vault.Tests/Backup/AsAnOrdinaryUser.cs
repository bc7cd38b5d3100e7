using Kedge.Vault.Tests.Interop;
using Kedge.Vault.Tests.Servers;
using Kedge.Vault.Tests.Snapshots;
using Xunit;

namespace Kedge.Vault.Tests.Backup;

/// <summary>Without the rights of root a backup has what may be read, and tells what may not.</summary>
public sealed class AsAnOrdinaryUser
{
    [Fact]
    public Task What_may_not_be_read_is_told_and_all_else_backed_up() => OrdinaryUser.RunAsync(typeof(AsAnOrdinaryUser), async () =>
    {
        await using var vault = await FolderVault.MakeAsync();
        var data = vault.Beside("data");
        EveryKind.Make(data);
        using var top = HandMade.At(data);
        top.File("closed file", [1]);
        top.Permissions("closed file", 0);
        top.Folder("closed folder").Dispose();
        File.WriteAllText(Path.Join(data, "closed folder", "inside"), "");
        top.Permissions("closed folder", 0);
        top.Folder("cannot be listed").Dispose();
        top.Permissions("cannot be listed", 0x49);
        top.Folder("cannot be entered").Dispose();
        File.WriteAllText(Path.Join(data, "cannot be entered", "inside"), "");
        top.Permissions("cannot be entered", 0x124);
        var backup = await vault.BackUpAsync(data);
        Assert.Equal(
            ["cannot be entered/inside: cannot open: permission denied", "cannot be listed: cannot open the folder: permission denied", "closed file: cannot open: permission denied", "closed folder: cannot open the folder: permission denied"],
            backup.Problems.Where(p => p.IsLost).Select(p => $"{p.Path[(data.Length + 1)..]}: {p.What}").Order(StringComparer.Ordinal));
        await vault.MustBeSoundAsync();
        (await vault.RestoreAsync(backup, vault.Beside("restored"))).WithoutProblems();
        foreach (var name in new[] { "closed folder", "cannot be listed", "cannot be entered" })
        {
            top.Permissions(name, 0x1c0);
        }

        foreach (var entry in new[] { "closed folder", "cannot be listed" })
        {
            Directory.Delete(Path.Join(data, entry), recursive: true);
        }

        File.Delete(Path.Join(data, "closed file"));
        File.Delete(Path.Join(data, "cannot be entered", "inside"));
        using (var restored = HandMade.At(vault.Beside("restored") + data))
        {
            restored.Permissions("cannot be entered", 0x1c0);
        }

        SeenTree.MustBeSame(data, vault.Beside("restored") + data, ".", "cannot be entered");
    });
}
