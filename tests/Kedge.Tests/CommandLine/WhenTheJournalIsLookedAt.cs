using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Kedge.CommandLine;
using Xunit;

namespace Kedge.Tests.CommandLine;

public class WhenTheJournalIsLookedAt
{
    [Fact]
    public void An_export_can_be_verified_with_stock_tools()
    {
        using var typed = new Typed();
        typed.Give("failover hotline --dry-run");
        Assert.Equal(ExitCodes.Fine, typed.Give("journal export"));
        var lines = typed.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(lines.Length > 5);
        var previous = new string('0', 64);
        foreach (var line in lines)
        {
            Assert.Equal(previous, (string)JsonNode.Parse(line)!["previous"]!);
            previous = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(line)));
        }

        Assert.Equal(ExitCodes.Fine, typed.Give("journal verify --json"));
        Assert.Equal(previous, (string)typed.Json["head"]!["hash"]!);
        Assert.Equal(ExitCodes.Fine, typed.Give($"journal verify --head {lines.Length}:{previous}"));
        Assert.Equal(ExitCodes.Refused, typed.Give($"journal verify --head {lines.Length}:{new string('0', 64)}"));
        Assert.Equal(ExitCodes.Refused, typed.Give($"journal verify --head {lines.Length + 1}:{previous}"));
        Assert.Contains("its tail was cut off", typed.Output, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Usage, typed.Give("journal verify --head nonsense"));
    }

    [Fact]
    public void A_tail_that_was_cut_off_is_found_by_the_head_beside_the_store()
    {
        using var typed = new Typed();
        typed.Give("plan adopt");
        var copy = Directory.CreateDirectory(typed.State + ".copy").FullName;
        foreach (var file in Directory.GetFiles(typed.State, "kedge.db*"))
        {
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        }

        typed.Give("failover hotline --dry-run");
        foreach (var file in Directory.GetFiles(typed.State, "kedge.db*"))
        {
            File.Delete(file);
        }

        foreach (var file in Directory.GetFiles(copy))
        {
            File.Copy(file, Path.Combine(typed.State, Path.GetFileName(file)));
        }

        Assert.Equal(ExitCodes.Refused, typed.Give("journal verify"));
        Assert.Contains("its tail was cut off", typed.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_newest_entries_are_shown_a_line_each()
    {
        using var typed = new Typed();
        typed.Give("plan adopt");
        Assert.Equal(ExitCodes.Usage, typed.Give("journal show --last few"));
        Assert.Contains("'few' is no whole number from 1 on", typed.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Usage, typed.Give("journal show --last=-5"));
        Assert.Equal(ExitCodes.Fine, typed.Give("journal show --last 1"));
        Assert.Contains("is in force", typed.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("opened", typed.Output, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Fine, typed.Give("journal show --json"));
        Assert.Equal("JournalOpened", (string)typed.Json[0]!["event"]!["type"]!);
    }
}
