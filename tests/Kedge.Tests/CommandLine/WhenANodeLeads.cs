using Kedge.CommandLine;
using Xunit;

namespace Kedge.Tests.CommandLine;

/// <summary>Commands beside a node, as processes of their own.</summary>
public class WhenANodeLeads
{
    [Fact]
    public async Task It_carries_out_what_commands_decide_and_another_takes_over_when_it_is_killed()
    {
        using var typed = new Typed();
        using var node = new KedgeProcess(typed.Folder, "node --name first");
        await node.SaysAsync("leading");

        Assert.Equal(ExitCodes.NeedsOperator, typed.Give("failover --lost east --yes"));
        await node.SaysAsync("run-1 running");
        await node.SaysAsync("kedge run confirm run-1 1");

        using var second = new KedgeProcess(typed.Folder, "node --name second");
        await second.SaysAsync("first (process");
        await second.SaysAsync("leads; waiting");

        node.Signal("KILL");
        await second.SaysAsync("leading");
        Assert.Equal(ExitCodes.Fine, typed.Give("run confirm run-1 1 --note done"));
        await second.SaysAsync("done, waits for commit");
        await second.SaysAsync("kedge run commit run-1");

        second.Signal("TERM");
        Assert.Equal(ExitCodes.Fine, await second.EndsAsync());
        Assert.Contains("ended", second.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Interrupting_the_command_that_watches_leaves_the_run_to_it()
    {
        using var typed = new Typed();
        using var node = new KedgeProcess(typed.Folder, "node");
        await node.SaysAsync("leading");
        typed.Give("failover --lost east --yes");

        using var watch = new KedgeProcess(typed.Folder, "run watch run-1");
        await watch.SaysAsync("run-1 running");
        watch.Signal("INT");
        Assert.Equal(ExitCodes.Interrupted, await watch.EndsAsync());
        Assert.Contains("run-1 goes on", watch.Said, StringComparison.Ordinal);
        Assert.Contains("kedge run watch run-1", watch.Said, StringComparison.Ordinal);

        typed.Give("run show run-1 --json");
        Assert.Equal("running", (string)typed.Json["status"]!);
    }

    [Fact]
    public async Task An_edited_plan_is_put_in_force_at_a_hangup_and_a_broken_one_is_not()
    {
        using var typed = new Typed();
        using var node = new KedgeProcess(typed.Folder, "node");
        await node.SaysAsync("leading");
        var file = Path.Combine(typed.Folder, "kedge.yaml");

        File.WriteAllText(file, "plan: [");
        node.Signal("HUP");
        await node.SaysAsync("the one in force stays");

        File.WriteAllText(file, Typed.ByHand.Replace("plan: Hotline", "plan: Helpline", StringComparison.Ordinal));
        node.Signal("HUP");
        await node.SaysAsync("plan Helpline, version");
        Assert.Equal(ExitCodes.NothingToDo, typed.Give("plan adopt"));
        node.Signal("TERM");
        Assert.Equal(ExitCodes.Fine, await node.EndsAsync());
    }

    [Fact]
    public void Its_unit_names_program_plan_and_state_and_the_drop_in_that_asks_before_a_start()
    {
        using var typed = new Typed();
        Assert.Equal(ExitCodes.Fine, typed.Give("node --unit"));
        Assert.Contains($"node --plan {typed.Folder}/kedge.yaml --state {typed.Folder}/.kedge", typed.Output, StringComparison.Ordinal);
        Assert.Contains("Restart=always", typed.Output, StringComparison.Ordinal);
        Assert.Contains("ExecReload=/bin/kill -HUP $MAINPID", typed.Output, StringComparison.Ordinal);
        Assert.Contains("ExecStartPre=+", typed.Output, StringComparison.Ordinal);
        Assert.Contains("may-start --data", typed.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(typed.State));
    }

    [Fact]
    public void Two_terminals_that_begin_at_once_are_told_of_each_other()
    {
        using var typed = new Typed { Login = "guest" };
        Assert.Equal(ExitCodes.NeedsOperator, typed.Give("failover --lost east --yes"));
        Assert.Equal(ExitCodes.NeedsOperator, typed.Give("switchover hotline --yes"));
        Assert.Contains("run-1, a failover, concerns hotline and waits for approval", typed.Error, StringComparison.Ordinal);
        typed.Give("run approve run-1 --as ops");
        Assert.Equal(ExitCodes.Overtaken, typed.Give("switchover hotline --yes"));
        Assert.Contains("kedge run watch run-1", typed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_nodes_started_at_once_agree_on_which_leads_and_the_other_takes_over()
    {
        using var typed = new Typed();
        using var one = new KedgeProcess(typed.Folder, "node --name one");
        using var other = new KedgeProcess(typed.Folder, "node --name other");
        await Task.WhenAny(one.SaysAsync("leads; waiting"), other.SaysAsync("leads; waiting"));
        var (leader, waiting) = other.Said.Contains("leads; waiting", StringComparison.Ordinal) ? (one, other) : (other, one);
        var name = leader == one ? "one" : "other";
        await leader.SaysAsync("leading");
        Assert.Contains($"{name} (process {leader.Id}) leads; waiting", waiting.Said, StringComparison.Ordinal);
        Assert.DoesNotContain("leading", waiting.Said, StringComparison.Ordinal);
        Assert.DoesNotContain("leads; waiting", leader.Said, StringComparison.Ordinal);

        leader.Signal("KILL");
        await waiting.SaysAsync("leading");
        Assert.Equal(ExitCodes.Fine, typed.Give("journal show --json"));
        Assert.Contains($"{name} (process {leader.Id}) did not renew its lease", typed.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("approve", "approve")]
    [InlineData("approve", "decline")]
    [InlineData("decline", "decline")]
    public async Task Of_two_terminals_that_decide_at_once_one_wins_and_the_other_is_told(string here, string there)
    {
        using var typed = new Typed(Typed.ByHand.Replace("people:", "people:\n  - { name: Duty manager, login: duty, roles: [decides] }", StringComparison.Ordinal)) { Login = "guest" };
        using var node = new KedgeProcess(typed.Folder, "node");
        await node.SaysAsync("leading");
        for (var time = 1; time <= 5; time++)
        {
            var run = $"run-{time}";
            Assert.Equal(ExitCodes.NeedsOperator, typed.Give("failover hotline --to west --yes"));
            using var ops = new KedgeProcess(typed.Folder, $"run {here} {run} --as ops");
            using var duty = new KedgeProcess(typed.Folder, $"run {there} {run} --as duty");
            var codes = await Task.WhenAll(ops.EndsAsync(), duty.EndsAsync());

            Assert.True(codes is [ExitCodes.Fine, ExitCodes.Overtaken] or [ExitCodes.Overtaken, ExitCodes.Fine], $"{codes[0]}: {ops.Said}\n{codes[1]}: {duty.Said}");
            var (winner, did, loser) = codes[0] == ExitCodes.Fine ? ("ops", here, duty) : ("duty", there, ops);
            Assert.Contains("somebody was faster", loser.Said, StringComparison.Ordinal);
            Assert.Contains($"{(did is "approve" ? "approved" : "declined")} by {winner}", loser.Said, StringComparison.Ordinal);
            Assert.Equal(ExitCodes.Fine, typed.Give($"journal show --run {run} --json"));
            var decisions = typed.Json.AsArray().Select(e => e!["event"]!).Where(e => (string)e["type"]! is "RunApproved" or "RunDeclined").ToList();
            Assert.Equal(winner, (string)Assert.Single(decisions)["by"]!);
            if (did is "approve")
            {
                await node.SaysAsync($"kedge run confirm {run} 1");
                Assert.Equal(ExitCodes.Fine, typed.Give($"run abort {run} --reason next"));
            }
        }
    }
}
