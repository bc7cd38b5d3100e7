using Kedge.CommandLine;
using Xunit;

namespace Kedge.Tests.CommandLine;

public class WhenACommandIsNotUnderstood
{
    [Theory]
    [InlineData("falover", "kedge: kedge has no verb 'falover'\n  fix: did you mean failover? see kedge --help\n")]
    [InlineData("run shw", "kedge: kedge run has no verb 'shw'\n  fix: did you mean show? see kedge run --help\n")]
    [InlineData("run", "kedge: kedge run needs a verb: list, show, watch, resume, approve, decline, confirm, retry, skip, abort, commit, rollback\n  fix: see kedge run --help\n")]
    [InlineData("failover --lots east", "kedge: kedge failover has no option --lots\n  fix: did you mean --lost? see kedge failover --help\n")]
    [InlineData("status now", "kedge: 'now' is one argument too many for kedge status\n  fix: see kedge status --help\n")]
    [InlineData("run skip run-1 2", "kedge: kedge run skip needs --reason TEXT\n  fix: see kedge run skip --help\n")]
    [InlineData("failover", "kedge: say what is lost\n  fix: kedge failover --lost SITE, or kedge failover SERVICE --to SITE\n")]
    [InlineData("failover --lost est", "kedge: the plan has no site 'est'\n  fix: its sites are east, west\n")]
    [InlineData("failover hotlin", "kedge: the plan has no service 'hotlin'\n  fix: its services are hotline\n")]
    [InlineData("failover hotline --accept-loss desk", "kedge: the plan has no component 'desk'\n  fix: write SERVICE/COMPONENT, one of hotline/desk\n")]
    [InlineData("demo", "kedge: the demo asks you to decide, and nobody can be asked here\n  fix: add --auto, or give the command on a terminal\n")]
    [InlineData("demo --disaster flood", "kedge: argument 'flood' not recognized. Must be one of: 'kill', 'hang', 'service'\n  fix: see kedge demo --help\n")]
    [InlineData("may-start", "kedge: say which data store is to start\n  fix: kedge may-start --data DIR, or kedge may-start --component SERVICE/COMPONENT --site SITE\n")]
    [InlineData("may-start --component desk --site east", "kedge: 'desk@east' names no instance\n  fix: --component SERVICE/COMPONENT --site SITE\n")]
    public void It_says_what_and_the_nearest_that_would_be(string line, string said)
    {
        using var typed = new Typed();
        Assert.Equal(ExitCodes.Usage, typed.Give(line));
        Assert.Equal(said, typed.Error);
        Assert.Equal("", typed.Output);
    }

    [Fact]
    public void A_script_gets_the_error_as_JSON_too()
    {
        using var typed = new Typed();
        Assert.Equal(ExitCodes.Usage, typed.Give("failover --lost est --json"));
        Assert.Equal(ExitCodes.Usage, (int)typed.Json["error"]!["exitCode"]!);
        Assert.Equal("the plan has no site 'est'", (string)typed.Json["error"]!["what"]!);
    }

    [Fact]
    public void A_bare_kedge_teaches()
    {
        using var typed = new Typed();
        Assert.Equal(ExitCodes.Usage, typed.Give(""));
        Assert.Contains("failover", typed.Output, StringComparison.Ordinal);
        Assert.Contains("Exit codes", typed.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void No_exception_text_reaches_a_person_when_the_state_is_not_a_state()
    {
        using var typed = new Typed();
        Directory.CreateDirectory(typed.State);
        File.WriteAllText(Path.Combine(typed.State, "kedge.db"), "this is no database, whatever its name says, and it is long enough to be looked at");
        Assert.Equal(ExitCodes.Failed, typed.Give("status"));
        Assert.StartsWith("kedge: ", typed.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", typed.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", typed.Error, StringComparison.Ordinal);
    }
}
