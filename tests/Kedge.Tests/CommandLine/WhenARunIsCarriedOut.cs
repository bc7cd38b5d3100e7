using Kedge.CommandLine;
using Xunit;

namespace Kedge.Tests.CommandLine;

/// <summary>Whole runs through the command line, each command hosting the node that it needs.</summary>
public class WhenARunIsCarriedOut
{
    [Fact]
    public void A_failover_is_begun_confirmed_step_by_step_and_committed()
    {
        using var typed = new Typed();
        Assert.Equal(ExitCodes.NeedsOperator, typed.Give("failover --lost east --yes"));
        Assert.Contains("kedge run confirm run-1 1 --note", typed.Output, StringComparison.Ordinal);
        ConfirmAll(typed, "run-1");
        Assert.Equal(ExitCodes.Fine, typed.Give("run show run-1 --json"));
        Assert.Equal("awaitingCommit", (string)typed.Json["status"]!);
        Assert.NotNull(typed.Json["journal"]!["hash"]);
        Assert.Equal(ExitCodes.Fine, typed.Give("status --json"));
        Assert.Equal("", typed.Error);
        Assert.Equal("west", (string)typed.Json["services"]![0]!["active"]!);

        Assert.Equal(ExitCodes.Refused, typed.Give("reprotect hotline --yes"));
        Assert.Contains("run-1 waits for a commit", typed.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Refused, typed.Give("failback hotline --yes"));
        Assert.Contains("run-1 waits for its commit", typed.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Usage, typed.Give("run commit run-1"));
        Assert.Equal(ExitCodes.Fine, typed.Give("run commit run-1 --yes"));
        Assert.Equal(ExitCodes.Refused, typed.Give("run rollback run-1 --yes"));
        Assert.Equal(ExitCodes.Fine, typed.Give("run list"));
        Assert.Contains("committed", typed.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_step_that_wants_certain_words_is_not_confirmed_without_them()
    {
        const string Asks = """
                steps:
                  - { name: tell-carrier, before: start, on: [failover], driver: manual, options: { instruction: Call the carrier., confirm: line switched } }
            accept:
            """;
        using var typed = new Typed(Typed.ByHand.Replace("accept:", Asks.TrimStart('\n'), StringComparison.Ordinal));
        Assert.Equal(ExitCodes.NeedsOperator, typed.Give("failover --lost east --yes"));
        Assert.Contains("kedge run confirm run-1 1 --note \"line switched\"", typed.Output, StringComparison.Ordinal);

        Assert.Equal(ExitCodes.Refused, typed.Give("run confirm run-1 1 --note yes"));
        Assert.Contains("wants to read 'line switched'", typed.Error, StringComparison.Ordinal);
        Assert.NotEqual(ExitCodes.Refused, typed.Give("run confirm run-1 1 --note Line_switched_at_noon"));
        typed.Give("run show run-1 --json");
        Assert.Equal("done", (string)typed.Json["steps"]![0]!["status"]!);
    }

    [Fact]
    public void A_planned_move_that_would_fail_is_not_begun_and_a_failover_is()
    {
        const string Missing = """
                steps:
                  - { name: drain, before: start, on: [switchover, failover], driver: command, options: { run: [/no/such/program] } }
            accept:
            """;
        using var typed = new Typed(Typed.ByHand.Replace("accept:", Missing.TrimStart('\n'), StringComparison.Ordinal));
        Assert.Equal(ExitCodes.Refused, typed.Give("switchover hotline --yes"));
        Assert.Contains("1 check of the preflight would fail now; a planned move begins when none does", typed.Error, StringComparison.Ordinal);
        Assert.Contains("--no-preflight", typed.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.NothingToDo, typed.Give("run show"));

        Assert.NotEqual(ExitCodes.Refused, typed.Give("failover --lost east --yes"));
        Assert.Equal(ExitCodes.Fine, typed.Give("run show run-1"));
    }

    [Fact]
    public void A_failover_that_somebody_else_must_approve_waits_for_that_person()
    {
        using var typed = new Typed { Login = "guest" };
        Assert.Equal(ExitCodes.NeedsOperator, typed.Give("failover hotline --to west --yes"));
        Assert.Contains("kedge run approve run-1", typed.Output, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Refused, typed.Give("run approve run-1"));
        Assert.Contains("guest may not approve", typed.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.NeedsOperator, typed.Give("failover hotline --to west --yes"));
        Assert.Contains("kedge run approve run-1", typed.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Fine, typed.Give("run decline run-1 --as Operations_manager --comment not_today"));
        Assert.Equal(ExitCodes.Fine, typed.Give("run show 1"));
        Assert.Contains("declined", typed.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("west", ExitCodes.Interrupted)]
    [InlineData("", ExitCodes.Interrupted)]
    [InlineData("east", ExitCodes.NeedsOperator)]
    public void It_begins_only_when_the_lost_site_was_typed(string answer, int code)
    {
        using var typed = new Typed { Answers = answer + "\n" };
        Assert.Equal(code, typed.Give("failover --lost east"));
        Assert.Equal(code == ExitCodes.NeedsOperator ? ExitCodes.Fine : ExitCodes.NothingToDo, typed.Give("run show"));
    }

    [Fact]
    public void Where_nobody_can_be_asked_it_does_not_begin_by_itself()
    {
        using var typed = new Typed();
        Assert.Equal(ExitCodes.Usage, typed.Give("failover --lost east"));
        Assert.Contains("--yes", typed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_dry_run_verifies_readiness_until_the_plan_is_edited()
    {
        using var typed = new Typed();
        Assert.Equal(ExitCodes.Fine, typed.Give("failover hotline --dry-run"));
        Assert.Contains("verified by run-1", typed.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Fine, typed.Give("status --json"));
        Assert.Equal("verified", (string)typed.Json["services"]![0]!["recovery"]!);

        File.WriteAllText(Path.Combine(typed.Folder, "kedge.yaml"), Typed.ByHand.Replace("rto: 4h", "rto: 3h", StringComparison.Ordinal));
        Assert.Equal(ExitCodes.Fine, typed.Give("status"));
        Assert.Contains("not in force yet", typed.Output, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Fine, typed.Give("plan failover hotline"));
        Assert.Contains("stale: this is the edited plan", typed.Output, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Fine, typed.Give("plan adopt"));
        Assert.Equal(ExitCodes.NothingToDo, typed.Give("plan adopt"));
        Assert.Equal(ExitCodes.Fine, typed.Give("status --json"));
        Assert.Equal("stale", (string)typed.Json["services"]![0]!["recovery"]!);
        Assert.Contains("the plan was edited since", (string)typed.Json["services"]![0]!["because"]![0]!, StringComparison.Ordinal);
    }

    [Fact]
    public void A_step_can_be_skipped_with_a_reason_and_a_run_aborted()
    {
        using var typed = new Typed();
        typed.Give("switchover hotline --yes");
        Assert.Equal(ExitCodes.Refused, typed.Give("run retry run-1 1"));
        Assert.Equal(ExitCodes.NeedsOperator, typed.Give("run skip run-1 1 --reason nobody_is_there"));
        Assert.Equal(ExitCodes.Fine, typed.Give("run abort run-1 --reason enough"));
        Assert.Equal(ExitCodes.Fine, typed.Give("journal show --run run-1"));
        Assert.Contains("nobody is there", typed.Output, StringComparison.Ordinal);
        Assert.Contains("run-1 aborted by ops: enough", typed.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_to_do_has_a_code_of_its_own()
    {
        using var typed = new Typed();
        Assert.Equal(ExitCodes.NothingToDo, typed.Give("run list"));
        Assert.Equal(ExitCodes.NothingToDo, typed.Give("failback"));
        Assert.Equal(ExitCodes.NothingToDo, typed.Give("failover --lost west"));
        Assert.Equal(ExitCodes.NothingToDo, typed.Give("switchover hotline --to east"));
        Assert.Equal(ExitCodes.NothingToDo, typed.Give("reprotect"));
    }

    [Fact]
    public void Interrupted_it_says_how_to_go_on()
    {
        using var typed = new Typed(Typed.ByHand.Replace(
            "decision: { approvers: [decides] }", "decision: { approvers: [decides], deadline: 1h, after-deadline: proceed }", StringComparison.Ordinal))
        { Login = "guest" };
        using var ctrlC = new CancellationTokenSource(TimeSpan.FromSeconds(3));
        Assert.Equal(ExitCodes.Interrupted, typed.Give("failover hotline --yes", ctrlC.Token));
        Assert.Contains("kedge run resume run-1", typed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_shows_what_would_be_done_and_changes_nothing()
    {
        using var typed = new Typed();
        Assert.Equal(ExitCodes.Fine, typed.Give("plan failover --lost east --json"));
        Assert.Equal("run", (string)typed.Json["recoveryPlan"]!["kind"]! == "Failover" ? "run" : "");
        Assert.Equal(ExitCodes.Fine, typed.Give("plan failover --lost east --markdown"));
        Assert.StartsWith("# Failover of hotline", typed.Output, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.NothingToDo, typed.Give("run show"));
    }

    private static void ConfirmAll(Typed typed, string run)
    {
        for (var step = 1; typed.Give($"run show {run} --json") == ExitCodes.Fine && (string)typed.Json["status"]! == "running"; step++)
        {
            Assert.True(step < 10, typed.Output);
            typed.Give($"run confirm {run} {step} --note done_by_hand");
        }
    }
}
