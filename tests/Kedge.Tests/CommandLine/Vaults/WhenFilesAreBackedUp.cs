using Kedge.CommandLine;
using Xunit;

namespace Kedge.Tests.CommandLine.Vaults;

public class WhenFilesAreBackedUp
{
    [Fact]
    public void They_come_back_as_they_were()
    {
        using var vault = new TypedVault();
        vault.Done("backup SOURCE");
        Assert.Contains("3 new, 0 changed, 0 unchanged", vault.Output, StringComparison.Ordinal);
        Assert.Equal("", vault.Error);
        vault.Done("restore latest:SOURCE --target TARGET");
        Assert.Equal("three", File.ReadAllText(Path.Combine(vault.Target, "b", "three.txt")));
        vault.Done("check --read-data");
        Assert.Contains("nothing is damaged", vault.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Unchanged_ones_are_not_read_again_unless_that_is_asked_for()
    {
        using var vault = new TypedVault();
        vault.Done("backup SOURCE").Done("backup SOURCE");
        Assert.Contains("0 new, 0 changed, 3 unchanged", vault.Output, StringComparison.Ordinal);
        vault.Done("backup SOURCE --force");
        Assert.Contains("3 new", vault.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_new_needs_no_snapshot()
    {
        using var vault = new TypedVault();
        // Absolute paths would have the folders above in the snapshot, in which other tests are at work.
        foreach (var said in new[] { "3 new", "none was made" })
        {
            using var process = new KedgeProcess(vault.Typed.Folder, $"vault backup source --skip-if-unchanged --repo {vault.Location} --password-file {vault.PasswordFile}");
            Assert.Equal(0, await process.EndsAsync());
            await process.SaysAsync(said);
        }
    }

    [Theory]
    [InlineData("--exclude *.o", "a/one.txt b/three.txt")]
    [InlineData("--iexclude *.O", "a/one.txt b/three.txt")]
    [InlineData("--exclude a --exclude *.o", "b/three.txt")]
    [InlineData("--exclude *.txt --exclude !three*", "a/two.o b/three.txt")]
    [InlineData("--exclude-larger-than 4", "a/one.txt a/two.o")]
    [InlineData("--exclude-if-present two.o", "a/two.o b/three.txt")]
    [InlineData("--exclude-if-present two.o:other", "a/one.txt a/two.o b/three.txt")]
    public void What_is_excluded_stays_out(string options, string kept)
    {
        using var vault = new TypedVault();
        vault.Done($"backup SOURCE {options}").Done("restore latest:SOURCE --target TARGET");
        var restored = Directory.EnumerateFiles(vault.Target, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(vault.Target, f)).Order(StringComparer.Ordinal);
        Assert.Equal(kept.Split(' '), restored);
    }

    [Fact]
    public void Lists_of_files_and_patterns_are_read()
    {
        using var vault = new TypedVault();
        vault.Typed.Environment["KIND"] = "o";
        File.WriteAllText(Path.Combine(vault.Typed.Folder, "excludes"), "# objects\n\n  *.$KIND  \n");
        File.WriteAllText(Path.Combine(vault.Typed.Folder, "files"), $"{vault.Source}/[ab]\n# nothing else\n");
        vault.Done("backup --files-from files --exclude-file excludes").Done("ls latest --json");
        var files = vault.Messages.Where(m => (string?)m["type"] == "file").Select(m => (string)m["name"]!);
        Assert.Equal(["one.txt", "three.txt"], files);
    }

    [Fact]
    public void A_program_hears_of_it_in_restics_messages()
    {
        using var vault = new TypedVault();
        vault.Done("backup SOURCE --json -vv --tag nightly,web");
        var summary = vault.Messages[^1];
        Assert.Equal("summary", (string?)summary["message_type"]);
        Assert.Equal(3, (int)summary["files_new"]!);
        Assert.Equal(11, (int)summary["total_bytes_processed"]!);
        Assert.Equal(64, ((string)summary["snapshot_id"]!).Length);
        Assert.Equal(3, vault.Messages.Count(m => (string?)m["message_type"] == "verbose_status" && (string?)m["action"] == "new"));
        vault.Done("snapshots --json");
        Assert.Equal(["nightly", "web"], vault.Typed.Json[0]!["tags"]!.AsArray().Select(t => (string)t!));
    }

    [Fact]
    public void A_dry_run_writes_nothing()
    {
        using var vault = new TypedVault();
        var before = Directory.GetFiles(vault.Location, "*", SearchOption.AllDirectories).Length;
        vault.Done("backup SOURCE --dry-run");
        Assert.Contains("nothing was written", vault.Output, StringComparison.Ordinal);
        Assert.Equal(before, Directory.GetFiles(vault.Location, "*", SearchOption.AllDirectories).Length);
    }

    [Fact]
    public void What_is_missing_is_told_and_makes_the_backup_incomplete()
    {
        using var vault = new TypedVault();
        Assert.Equal(3, vault.Give("backup SOURCE SOURCE/gone --json"));
        Assert.Contains("gone", vault.Error, StringComparison.Ordinal);
        Assert.Contains(vault.Messages, m => (string?)m["message_type"] == "error" && ((string)m["item"]!).EndsWith("gone", StringComparison.Ordinal));
        Assert.Equal("summary", (string?)vault.Messages[^1]["message_type"]);
    }

    [Fact]
    public void A_restore_in_place_says_what_it_changes_and_changes_only_that()
    {
        using var vault = new TypedVault();
        File.CreateSymbolicLink(Path.Combine(vault.Source, "link"), "b");
        vault.Done("backup SOURCE").Done("restore latest:SOURCE --target TARGET --verify");
        File.WriteAllText(Path.Combine(vault.Target, "a", "one.txt"), "ONE");
        File.WriteAllText(Path.Combine(vault.Target, "b", "extra"), "extra");
        File.Delete(Path.Combine(vault.Target, "a", "two.o"));
        vault.Done("restore latest:SOURCE --target TARGET --dry-run -vv --delete");
        Assert.Equal(
            ["deleted b/extra", "restored a/two.o", "unchanged a", "unchanged b", "unchanged b/three.txt", "unchanged link", "updated a/one.txt"],
            Acts().Order(StringComparer.Ordinal));
        Assert.Equal("ONE", File.ReadAllText(Path.Combine(vault.Target, "a", "one.txt")));
        vault.Done("restore latest:SOURCE --target TARGET --delete --json");
        Assert.Equal(6, (int)vault.Messages[^1]["bytes_restored"]!);
        Assert.Equal(1, (int)vault.Messages[^1]["files_deleted"]!);
        Assert.Equal("one", File.ReadAllText(Path.Combine(vault.Target, "a", "one.txt")));

        IEnumerable<string> Acts() => vault.Output.Split('\n').Where(l => l.Contains(vault.Target + "/", StringComparison.Ordinal) && !l.Contains(" to ", StringComparison.Ordinal))
            .Select(l => string.Join(' ', l.Replace(vault.Target + "/", "", StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries)));
    }

    [Fact]
    public void Streams_go_in_and_come_out()
    {
        using var vault = new TypedVault();
        vault.Typed.Input = new byte[3 << 20];
        new Random(7).NextBytes(vault.Typed.Input);
        vault.Done("backup --stdin --stdin-filename dump.sql").Done("dump latest dump.sql");
        Assert.Equal(vault.Typed.Input, vault.Typed.RawOutput);
        Assert.Equal("", vault.Output);
    }

    [Fact]
    public void Restic_reads_all_of_it()
    {
        const string restic = "/usr/bin/restic";
        Assert.SkipUnless(File.Exists(restic), "restic is not installed");
        using var vault = new TypedVault();
        vault.Done("backup SOURCE");
        Restic("check", "--read-data");
        Restic("restore", "latest", "--target", vault.Target);
        Assert.Equal("three", File.ReadAllText(vault.Target + vault.Source + "/b/three.txt"));

        void Restic(params string[] arguments)
        {
            var start = new System.Diagnostics.ProcessStartInfo(restic, ["--repo", vault.Location, "--password-file", vault.PasswordFile, "--no-cache", .. arguments]) { RedirectStandardError = true, RedirectStandardOutput = true };
            using var process = System.Diagnostics.Process.Start(start)!;
            var said = process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, said);
        }
    }

    [Fact]
    public void The_output_of_a_program_is_kept_only_if_it_succeeds()
    {
        using var vault = new TypedVault();
        vault.Done("backup --stdin-from-command --stdin-filename said -- env --ignore-environment echo hello").Done("ls latest");
        Assert.Equal("/said\n", vault.Output);
        Assert.Equal(ExitCodes.Failed, vault.Give("backup --stdin-from-command -- false"));
        Assert.Contains("the program false ended with exit code 1", vault.Error, StringComparison.Ordinal);
        vault.Done("snapshots --json");
        Assert.Single(vault.Typed.Json.AsArray());
    }

    [Theory]
    [InlineData("auto", true)]
    [InlineData("max", true)]
    [InlineData("19", true)]
    [InlineData("off", false)]
    public void Content_is_compressed_as_wanted(string how, bool isSmaller)
    {
        using var vault = new TypedVault();
        vault.Write("long.txt", new string('x', 1 << 20));
        vault.Done($"backup SOURCE --compression {how} --json");
        Assert.Equal(isSmaller, (long)vault.Messages[^1]["data_added_packed"]! < 1 << 20);
        vault.Done("check --read-data");
    }

    [Fact]
    public void The_moment_and_the_host_can_be_said()
    {
        using var vault = new TypedVault();
        vault.Typed.Environment["RESTIC_HOST"] = "db1";
        vault.Done("backup SOURCE --time 2025-12-24T18:00:00Z").Done("snapshots --json");
        Assert.StartsWith("2025-12-24T18:00:00", (string)vault.Typed.Json[0]!["time"]!, StringComparison.Ordinal);
        Assert.Equal("db1", (string)vault.Typed.Json[0]!["hostname"]!);
    }
}
