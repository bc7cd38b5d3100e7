using System.Text.Json.Nodes;
using Kedge.CommandLine;
using Xunit;

namespace Kedge.Tests.CommandLine;

public class WhenAPlanIsBegun
{
    [Theory]
    [InlineData("minimal")]
    [InlineData("two-site-postgres")]
    [InlineData("three-region")]
    [InlineData("manual")]
    public void From_a_template_it_can_be_used(string template)
    {
        using var typed = new Typed(plan: null);
        Assert.Equal(ExitCodes.Fine, typed.Give($"init --template {template}"));
        Assert.Equal(ExitCodes.Fine, typed.Give("validate"));
    }

    [Fact]
    public void By_asking_it_holds_what_was_said()
    {
        using var typed = new Typed(plan: null)
        {
            Answers = "Corner shop\nnorth\nnorth\nsouth\nShop\nshop\nsoon\n2h\n\nJo \"the\" boss\njo\nhttp://127.0.0.1:1/\n\n",
        };
        Assert.Equal(ExitCodes.Fine, typed.Give("init"));
        Assert.Contains("it must be another site", typed.Error, StringComparison.Ordinal);
        Assert.Contains("lower-case letters", typed.Error, StringComparison.Ordinal);
        Assert.Contains("a number with a unit", typed.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Fine, typed.Give("validate --json"));
        Assert.Equal("Corner shop", (string)typed.Json["plan"]!);
        var text = File.ReadAllText(Path.Combine(typed.Folder, "kedge.yaml"));
        Assert.Contains("primary: north", text, StringComparison.Ordinal);
        Assert.Contains("rto: 2h, rpo: 5m", text, StringComparison.Ordinal);
    }

    [Fact]
    public void In_a_script_every_answer_is_an_option()
    {
        using var typed = new Typed(plan: null);
        Assert.Equal(ExitCodes.Fine, typed.Give("init --name Corner_shop --primary a --recovery b --service shop --rto 1h --rpo 0s --decides Jo --login jo"));
        Assert.Equal(ExitCodes.Fine, typed.Give("validate"));
    }

    [Fact]
    public void Nothing_that_exists_is_overwritten()
    {
        using var typed = new Typed();
        Assert.Equal(ExitCodes.Failed, typed.Give("init --template minimal"));
        Assert.Equal(Typed.ByHand, File.ReadAllText(Path.Combine(typed.Folder, "kedge.yaml")));
        Assert.Contains("exists already", typed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_that_is_not_there_is_told_in_two_lines()
    {
        using var typed = new Typed(plan: null);
        Assert.Equal(ExitCodes.Failed, typed.Give("init --adopt 127.0.0.1:1"));
        Assert.StartsWith("kedge: 127.0.0.1:1", typed.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Usage, typed.Give("init --adopt 127.0.0.1:1 --password hunter2"));
        Assert.DoesNotContain("hunter2", typed.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(typed.Folder, "kedge.yaml")));
    }

    [Fact]
    public void It_is_found_from_a_folder_below_and_by_name()
    {
        using var typed = new Typed();
        var below = Directory.CreateDirectory(Path.Combine(typed.Folder, "a", "b")).FullName;
        Assert.Equal(Path.Combine(typed.Folder, "kedge.yaml"), PlanLocation.Find(null, null, below, _ => null).Plan);
        Assert.Equal(Path.Combine(typed.Folder, ".kedge"), PlanLocation.Find(null, null, below, _ => null).State);
        Assert.Equal("/srv/state", PlanLocation.Find(null, null, below, name => name == "KEDGE_STATE" ? "/srv/state" : null).State);
        Assert.Equal(Path.Combine(below, "x.yaml"), PlanLocation.Find("x.yaml", null, below, _ => null).Plan);
    }

    [Fact]
    public void What_is_wrong_with_it_ends_with_a_code_of_its_own()
    {
        using var typed = new Typed("plan: Broken\nsites: { east: {} }\nservices: { shop: { primary: west } }\n");
        Assert.Equal(ExitCodes.PlanInvalid, typed.Give("validate"));
        Assert.Contains("kedge.yaml:3:", typed.Output, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.PlanInvalid, typed.Give("status"));
        Assert.Contains("kedge validate", typed.Error, StringComparison.Ordinal);
        using var nothing = new Typed(plan: null);
        Assert.Equal(ExitCodes.PlanInvalid, nothing.Give("validate"));
    }

    [Fact]
    public void Its_schema_and_its_drawings_come_without_any_state()
    {
        using var typed = new Typed();
        Assert.Equal(ExitCodes.Fine, typed.Give("schema"));
        Assert.Equal("https://json-schema.org/draft/2020-12/schema", (string)JsonNode.Parse(typed.Output)!["$schema"]!);
        Assert.Equal(ExitCodes.Fine, typed.Give("graph topology"));
        Assert.Contains("flowchart LR", typed.Output, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Fine, typed.Give("graph failover --lost east --format svg --output plan.svg"));
        Assert.StartsWith("<svg", File.ReadAllText(Path.Combine(typed.Folder, "plan.svg")), StringComparison.Ordinal);
        Assert.False(Directory.Exists(typed.State));
    }
}
