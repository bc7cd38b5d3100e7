using System.Text.Json.Nodes;
using Kedge.CommandLine;
using Xunit;

namespace Kedge.Tests.CommandLine.Vaults;

public class WhenSnapshotsAreLookedAt
{
    [Fact]
    public void They_are_listed_found_compared_counted_and_written_out()
    {
        using var vault = new TypedVault();
        vault.Done("backup SOURCE --tag first --time 2026-01-01T10:00:00Z");
        vault.Write("a/one.txt", "another");
        vault.Write("c/four.txt", "four");
        vault.Done("backup SOURCE --time 2026-01-02T10:00:00Z");

        vault.Done("snapshots --json");
        var (first, second) = ((string)vault.Typed.Json[0]!["id"]!, (string)vault.Typed.Json[1]!["id"]!);
        vault.Done("snapshots --tag first");
        Assert.Contains(first[..8], vault.Output, StringComparison.Ordinal);
        Assert.Contains("1 snapshot\n", vault.Output, StringComparison.Ordinal);

        vault.Done($"ls {first[..6]} {vault.Source}/a");
        Assert.Equal($"{vault.Source}/a\n{vault.Source}/a/one.txt\n{vault.Source}/a/two.o\n", vault.Output);
        vault.Done($"ls latest:{vault.Source} --long");
        Assert.Contains("-rw-", vault.Output, StringComparison.Ordinal);
        Assert.Contains(" /c/four.txt\n", vault.Output, StringComparison.Ordinal);

        vault.Done("find four.txt");
        Assert.Contains(second[..8], vault.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(first[..8], vault.Output, StringComparison.Ordinal);
        vault.Done("find ONE.* --ignore-case --json");
        Assert.Equal(2, vault.Typed.Json.AsArray().Count);
        Assert.EndsWith("/a/one.txt", (string)vault.Typed.Json[0]!["matches"]![0]!["path"]!, StringComparison.Ordinal);

        vault.Done($"diff {first}:{vault.Source} {second}:{vault.Source}");
        Assert.Contains("M    /a/one.txt\n", vault.Output, StringComparison.Ordinal);
        Assert.Contains("+    /c/four.txt\n", vault.Output, StringComparison.Ordinal);
        vault.Done($"diff {first} {second} --json");
        Assert.Equal("statistics", (string?)vault.Messages[^1]["message_type"]);
        Assert.Equal(1, (int)vault.Messages[^1]["changed_files"]!);

        vault.Done("stats latest --json");
        Assert.Equal(7 + 3 + 5 + 4, (int)vault.Typed.Json["total_size"]!);
        vault.Done("stats --mode raw-data");
        Assert.Contains("uncompressed", vault.Output, StringComparison.Ordinal);

        vault.Done($"dump {first} {vault.Source}/a/one.txt --target {vault.Typed.Folder}/dumped");
        Assert.Equal("one", File.ReadAllText(Path.Combine(vault.Typed.Folder, "dumped")));
        Assert.Equal(ExitCodes.Failed, vault.Give($"dump {first} /a --target {vault.Typed.Folder}/dumped"));
        Assert.Contains("cannot be created", vault.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void They_get_tags_and_are_forgotten_by_a_policy_which_says_why()
    {
        using var vault = new TypedVault();
        foreach (var day in new[] { "01", "02", "03" })
        {
            vault.Done($"backup SOURCE --force --time 2026-01-{day}T10:00:00Z");
        }

        vault.Done("tag latest --add keep");
        Assert.Contains("with keep", vault.Output, StringComparison.Ordinal);
        vault.Done("forget --keep-last 1 --dry-run");
        Assert.Contains("last snapshot", vault.Output, StringComparison.Ordinal);
        Assert.Contains("2 snapshots would be removed, 1 kept", vault.Output, StringComparison.Ordinal);
        vault.Done("forget --keep-last 1 --prune --instant --json");
        var forgotten = vault.Messages[0].AsArray();
        Assert.Equal(2, forgotten[0]!["remove"]!.AsArray().Count);
        Assert.Equal("last snapshot", (string?)forgotten[0]!["reasons"]![0]!["matches"]![0]);
        Assert.Equal("summary", (string?)vault.Messages[^1]["message_type"]);
        vault.Done("snapshots --json");
        var left = Assert.Single(vault.Typed.Json.AsArray());
        Assert.Equal("keep", (string?)left!["tags"]![0]);
        vault.Done($"forget {(string)left["short_id"]!}").Done("snapshots --json");
        Assert.Empty(vault.Typed.Json.AsArray());
        vault.Done("prune --instant").Done("check --read-data");
    }

    [Fact]
    public void A_prune_that_goes_with_forgetting_removes_what_an_earlier_one_marked()
    {
        using var vault = new TypedVault();
        vault.Done("backup SOURCE");
        vault.Write("a/one.txt", "another");
        vault.Done("backup SOURCE");
        vault.Done("forget --keep-last 1 --prune --dry-run --json");
        Assert.True((int)vault.Messages[^1]["unused_bytes"]! > 0);
        vault.Done("forget --keep-last 1 --prune --max-unused 0 --json");
        Assert.True((int)vault.Messages[^1]["packs_marked"]! > 0);
        vault.Done("forget --keep-last 1 --prune --max-unused 0 --grace 0s --dry-run --json");
        Assert.True((int)vault.Messages[^1]["packs_to_remove"]! > 0);
        Assert.Equal(0, (int)vault.Messages[^1]["packs_removed"]!);
        vault.Done("forget --keep-last 1 --prune --max-unused 0 --grace 0s --json");
        Assert.Empty(vault.Messages[0][0]!["remove"]!.AsArray());
        Assert.True((int)vault.Messages[^1]["packs_removed"]! > 0);
        vault.Done("check --read-data");
    }

    [Fact]
    public void A_check_of_a_vault_without_index_says_one_thing_to_do()
    {
        using var vault = new TypedVault();
        vault.Done("backup SOURCE");
        foreach (var file in Directory.EnumerateFiles(Path.Combine(vault.Location, "index")))
        {
            File.Delete(file);
        }

        Assert.Equal(ExitCodes.Failed, vault.Give("check"));
        var said = vault.Output + vault.Error;
        Assert.Equal(2, said.Split("kedge vault repair index").Length);
        Assert.DoesNotContain("prune", said, StringComparison.Ordinal);
        Assert.DoesNotContain("repair snapshots", said, StringComparison.Ordinal);
        Assert.DoesNotContain("repair packs", said, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Failed, vault.Give("check --json"));
        var summary = vault.Messages.Single(m => (string?)m["message_type"] == "summary");
        Assert.Equal((true, false), ((bool)summary["suggest_repair_index"]!, (bool)summary["suggest_prune"]!));
        vault.Done("repair index").Done("check --read-data");
    }

    [Fact]
    public void A_repair_of_snapshots_claims_no_more_than_it_knows()
    {
        using var vault = new TypedVault();
        vault.Done("backup SOURCE").Done("repair snapshots");
        Assert.Contains("1 snapshot is whole as far as the index tells", vault.Output, StringComparison.Ordinal);
        Assert.Contains("check --read-data", vault.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_latest_of_several_hosts_and_paths_are_told_apart_when_two_are_compared()
    {
        using var vault = new TypedVault();
        vault.Done("backup SOURCE --host web1 --json");
        var first = (string)vault.Messages[^1]["snapshot_id"]!;
        vault.Write("a/one.txt", "another");
        vault.Done("backup SOURCE --host web1 --json");
        var second = (string)vault.Messages[^1]["snapshot_id"]!;
        vault.Done("backup SOURCE/b --host web2");
        vault.Done($"diff {first} latest --host web1 --path SOURCE --json");
        Assert.Equal(second, (string?)vault.Messages[^1]["target_snapshot"]);
        Assert.Equal(ExitCodes.Failed, vault.Give($"diff {first} latest --tag nosuch"));
    }

    [Fact]
    public void Copies_go_to_another_vault_once()
    {
        using var vault = new TypedVault();
        vault.Done("backup SOURCE");
        var other = Path.Combine(vault.Typed.Folder, "other");
        var from = $"--repo {other} --from-repo {vault.Location} --from-password-file {vault.PasswordFile}";
        vault.Done($"init {from} --copy-chunker-params").Done($"copy {from} --json");
        Assert.Equal(1, (int)vault.Messages[^1]["snapshots_copied"]!);
        Assert.True((bool)vault.Messages[^1]["same_key"]!);
        vault.Done($"copy {from} --json");
        Assert.Equal(0, (int)vault.Messages[^1]["snapshots_copied"]!);
        vault.Done($"check --read-data --repo {other}").Done($"restore latest --target TARGET --repo {other}");
        Assert.Equal("one", File.ReadAllText(vault.Target + vault.Source + "/a/one.txt"));
    }

    [Fact]
    public void Every_line_with_json_is_JSON()
    {
        using var vault = new TypedVault();
        string[] lines =
        [
            "backup SOURCE -v", "backup SOURCE SOURCE/gone", "snapshots", "snapshots --group-by host", "ls latest", "find one*", "diff latest latest", "stats", "check --read-data",
            "tag latest --add x", "key list", "forget --keep-last 5", "prune", "prune --dry-run", "repair index", "repair packs", "repair snapshots", "restore latest --target TARGET -vv --verify", "unlock", "ls nosuch",
        ];
        foreach (var line in lines)
        {
            vault.Give($"{line} --json");
            Assert.All(vault.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries), l => Assert.NotNull(JsonNode.Parse(l)));
            Assert.NotEqual("", vault.Output);
        }
    }
}
