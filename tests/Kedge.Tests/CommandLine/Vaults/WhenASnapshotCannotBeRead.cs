using Kedge.CommandLine;
using Xunit;

namespace Kedge.Tests.CommandLine.Vaults;

/// <summary>It may have been the one that was meant: nothing then ends as if all were well.</summary>
public class WhenASnapshotCannotBeRead
{
    [Theory]
    [InlineData("restore latest --target TARGET")]
    [InlineData("restore latest --target TARGET --quiet")]
    [InlineData("restore latest --target TARGET --json")]
    [InlineData("ls latest")]
    [InlineData("find one.txt")]
    [InlineData("stats")]
    [InlineData("snapshots")]
    [InlineData("forget --keep-last 5")]
    public void What_was_done_without_it_is_no_success(string line)
    {
        using var vault = new TypedVault();
        vault.Done("backup SOURCE");
        var first = Assert.Single(Snapshots(vault));
        vault.Write("a/one.txt", "another");
        vault.Done("backup SOURCE");
        Flip(Snapshots(vault).Single(s => s != first));

        Assert.Equal(ExitCodes.Failed, vault.Give(line));
        Assert.Contains("cannot be read", vault.Error, StringComparison.Ordinal);
        Assert.Equal(line.StartsWith("restore", StringComparison.Ordinal), File.Exists(vault.Target + vault.Source + "/a/one.txt"));
        Assert.Equal(ExitCodes.Fine, vault.Give("backup SOURCE"));
    }

    [Fact]
    public void A_key_that_an_interrupted_init_left_is_not_joined_by_another()
    {
        using var vault = new TypedVault();
        vault.Done("backup SOURCE");
        File.Delete(Path.Combine(vault.Location, "config"));
        Assert.Equal(ExitCodes.Failed, vault.Give("init"));
        Assert.Contains("but a key", vault.Error, StringComparison.Ordinal);
        Assert.Contains("remove the folder 'keys'", vault.Error, StringComparison.Ordinal);
        Directory.Delete(Path.Combine(vault.Location, "keys"), recursive: true);
        vault.Done("init");
    }

    private static string[] Snapshots(TypedVault vault) => Directory.GetFiles(Path.Combine(vault.Location, "snapshots"));

    private static void Flip(string file)
    {
        var bytes = File.ReadAllBytes(file);
        bytes[^1] ^= 1;
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.WriteAllBytes(file, bytes);
    }
}
