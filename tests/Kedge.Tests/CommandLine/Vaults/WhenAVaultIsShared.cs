using System.Diagnostics;
using Kedge.CommandLine;
using Xunit;

namespace Kedge.Tests.CommandLine.Vaults;

public class WhenAVaultIsShared
{
    [Fact]
    public async Task Whoever_works_in_it_is_named_to_those_who_need_it_alone()
    {
        using var vault = new TypedVault();
        using var other = new KedgeProcess(vault.Typed.Folder, $"vault backup --stdin --repo {vault.Location} --password-file {vault.PasswordFile}");
        var clock = Stopwatch.StartNew();
        while (!Directory.EnumerateFiles(Path.Combine(vault.Location, "locks")).Any())
        {
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(60), "it took no lock");
            await Task.Delay(20);
        }

        vault.Done("backup SOURCE");
        Assert.Equal(11, vault.Give("repair index"));
        Assert.Contains($"locked by process {other.Id} ", vault.Error, StringComparison.Ordinal);
        Assert.Contains("--retry-lock", vault.Error, StringComparison.Ordinal);
        vault.Done("unlock");
        Assert.Contains("in use", vault.Output, StringComparison.Ordinal);
        // As 'restic unlock' asks whether it lives.
        other.Signal("HUP");
        vault.Done("unlock");
        Assert.Contains("in use", vault.Output, StringComparison.Ordinal);
        other.Signal("KILL");
        await other.EndsAsync();
        vault.Done("unlock");
        Assert.Contains($"removed the lock of process {other.Id}", vault.Output, StringComparison.Ordinal);
        vault.Done("repair index");
    }

    /// <summary>As restic has it, which tells by it whose snapshots and locks these are.</summary>
    [Fact]
    public async Task A_machine_has_its_whole_name()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root, to call the machine by another name");
        using var vault = new TypedVault();
        string[] kedge = [Path.Combine(AppContext.BaseDirectory, "kedge"), "vault", "backup", "--repo", vault.Location, "--password-file", vault.PasswordFile, vault.PasswordFile];
        var start = new ProcessStartInfo("/usr/bin/unshare", ["--uts", "/bin/sh", "-c", "echo db1.harbour.example >/proc/sys/kernel/hostname && exec \"$0\" \"$@\"", .. kedge]) { RedirectStandardOutput = true };
        start.Environment["XDG_STATE_HOME"] = Path.Combine(vault.Typed.Folder, ".state");
        using var process = Process.Start(start)!;
        await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
        vault.Done("snapshots");
        Assert.Contains("db1.harbour.example", vault.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Several_passwords_open_it()
    {
        using var vault = new TypedVault();
        var second = Path.Combine(vault.Typed.Folder, "second");
        File.WriteAllText(second, "battery staple");
        vault.Done($"key add --new-password-file {second} --user auditor --host elsewhere");
        vault.Done($"key list --password-file {second} --json");
        var keys = vault.Typed.Json.AsArray();
        Assert.Equal(["", "auditor"], keys.Select(k => (string)k!["userName"]!).Select(u => u == "auditor" ? u : ""));
        Assert.True((bool)keys[1]!["current"]!);
        var first = (string)keys[0]!["id"]!;
        Assert.Equal(ExitCodes.Usage, vault.Give($"key remove {first}"));
        vault.Done($"key remove {first} --password-file {second}");
        Assert.Equal(12, vault.Give("snapshots"));
        vault.Done($"key passwd --password-file {second} --new-password-file {vault.PasswordFile}").Done("snapshots");
        Assert.Equal(12, vault.Give($"snapshots --password-file {second}"));
    }

    [Fact]
    public void An_older_state_that_was_put_back_is_noticed()
    {
        using var vault = new TypedVault();
        vault.Typed.Environment["HOME"] = vault.Typed.Folder;
        vault.Done("backup SOURCE");
        var before = Path.Combine(vault.Typed.Folder, "before");
        Copy(vault.Location, before);
        vault.Write("later.txt", "later");
        vault.Done("backup SOURCE");
        Directory.Delete(vault.Location, recursive: true);
        Copy(before, vault.Location);
        foreach (var line in new[] { "snapshots", "restore latest --target TARGET", "backup SOURCE" })
        {
            Assert.Equal(ExitCodes.Failed, vault.Give(line));
            Assert.Contains("older than this machine remembers", vault.Error, StringComparison.Ordinal);
        }

        vault.Done("snapshots --accept-rollback").Done("snapshots");
    }

    [Fact]
    public void What_this_machine_forgets_it_does_not_miss()
    {
        using var vault = new TypedVault();
        vault.Typed.Environment["HOME"] = vault.Typed.Folder;
        vault.Done("backup SOURCE").Done("tag latest --add x").Done("snapshots").Done("forget latest").Done("snapshots").Done("backup SOURCE").Done("forget --keep-last 1").Done("check");
        Assert.Equal("", vault.Error);
    }

    private static void Copy(string from, string to)
    {
        foreach (var folder in Directory.EnumerateDirectories(from, "*", SearchOption.AllDirectories).Prepend(from))
        {
            Directory.CreateDirectory(to + folder[from.Length..]);
        }

        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            File.Copy(file, to + file[from.Length..]);
        }
    }
}
