using Kedge.CommandLine;
using Xunit;

namespace Kedge.Tests.CommandLine.Vaults;

public class WhenAVaultDoesNotOpen
{
    [Theory]
    [InlineData("snapshots")]
    [InlineData("backup SOURCE")]
    [InlineData("check")]
    public void Because_there_is_none_the_exit_code_is_restics(string line)
    {
        using var vault = new TypedVault(init: false);
        Assert.Equal(10, vault.Give(line));
        Assert.Equal($"kedge: there is no vault at {vault.Location}\n  fix: Make one with 'kedge vault init', or mend --repo.\n", vault.Error);
        Assert.Equal(10, vault.Give($"{line} --json"));
        Assert.Equal("exit_error", (string?)vault.Messages[^1]["message_type"]);
        Assert.Equal(10, (int)vault.Messages[^1]["code"]!);
    }

    [Fact]
    public void Because_of_its_password_nothing_of_it_is_said()
    {
        using var vault = new TypedVault();
        File.WriteAllText(vault.PasswordFile, "battery staple");
        Assert.Equal(12, vault.Give("snapshots"));
        Assert.StartsWith("kedge: no key opens with this password\n  fix: ", vault.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("staple", vault.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Because_nobody_says_its_password_it_says_how()
    {
        using var vault = new TypedVault();
        vault.Typed.Environment.Remove("KEDGE_VAULT_PASSWORD_FILE");
        Assert.Equal(ExitCodes.Usage, vault.Give("snapshots"));
        Assert.Contains("--password-file FILE", vault.Error, StringComparison.Ordinal);
        vault.Typed.Environment["RESTIC_PASSWORD"] = "correct horse";
        vault.Done("snapshots");
        vault.Typed.Environment.Remove("RESTIC_PASSWORD");
        vault.Typed.Environment["RESTIC_PASSWORD_COMMAND"] = $"cat '{vault.PasswordFile}'";
        vault.Done("snapshots");
        Assert.Equal(ExitCodes.Failed, vault.Give("snapshots --password-file nowhere"));
        Assert.Contains("does not exist", vault.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Because_it_is_not_named_it_says_how()
    {
        using var vault = new TypedVault();
        vault.Typed.Environment.Remove("KEDGE_VAULT_REPO");
        Assert.Equal(ExitCodes.Usage, vault.Give("snapshots"));
        Assert.Equal("kedge: no vault is named\n  fix: name it with --repo LOCATION, or in the variable KEDGE_VAULT_REPO\n", vault.Error);
        File.WriteAllText(Path.Combine(vault.Typed.Folder, "where"), vault.Location + "\n");
        vault.Done("snapshots --repository-file where");
        Assert.Equal(ExitCodes.Usage, vault.Give("snapshots --repo sftp:host:/x"));
    }

    [Fact]
    public void Because_a_person_has_to_be_asked_it_asks()
    {
        using var vault = new TypedVault(init: false);
        vault.Typed.Environment.Remove("KEDGE_VAULT_PASSWORD_FILE");
        vault.Typed.Secrets.Enqueue("correct horse");
        vault.Typed.Secrets.Enqueue("correct hose");
        Assert.Equal(ExitCodes.Failed, vault.Give("init"));
        Assert.Contains("the two passwords differ", vault.Error, StringComparison.Ordinal);
        vault.Typed.Secrets.Enqueue("correct horse");
        vault.Typed.Secrets.Enqueue("correct horse");
        vault.Done("init");
        vault.Typed.Secrets.Enqueue("correct horse");
        vault.Done("snapshots");
        vault.Typed.Secrets.Enqueue("correct hose");
        Assert.Equal(12, vault.Give("snapshots"));
    }

    [Fact]
    public void A_second_init_leaves_it_alone()
    {
        using var vault = new TypedVault();
        Assert.Equal(ExitCodes.Failed, vault.Give("init"));
        Assert.Contains("already", vault.Error, StringComparison.Ordinal);
        vault.Done("snapshots");
    }

    [Theory]
    [InlineData("restore latest --target TARGET", "there is no snapshot")]
    [InlineData("ls 4bba301e", "no snapshot's id begins with 4bba301e")]
    [InlineData("backup TARGET", "nothing of what was to be backed up exists")]
    public void What_does_not_exist_is_named(string line, string what)
    {
        using var vault = new TypedVault();
        Assert.Equal(ExitCodes.Failed, vault.Give(line));
        Assert.Contains(what, vault.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", vault.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("backup")]
    [InlineData("backup SOURCE --exclude [")]
    [InlineData("backup SOURCE --time tomorrow")]
    [InlineData("backup SOURCE --compression much")]
    [InlineData("backup SOURCE --exclude-larger-than huge")]
    [InlineData("backup SOURCE --stdin")]
    [InlineData("restore latest")]
    [InlineData("restore latest --target TARGET --include a --exclude b")]
    [InlineData("restore latest --target / --delete")]
    [InlineData("check --read-data --read-data-subset 5%")]
    [InlineData("check --read-data-subset 9/8")]
    [InlineData("forget")]
    [InlineData("forget --keep-within soon")]
    [InlineData("snapshots -o speed=9")]
    [InlineData("copy")]
    public void What_has_no_meaning_is_refused(string line)
    {
        using var vault = new TypedVault();
        Assert.Equal(ExitCodes.Usage, vault.Give(line));
        Assert.StartsWith("kedge: ", vault.Error, StringComparison.Ordinal);
        Assert.Equal(2, vault.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }
}
