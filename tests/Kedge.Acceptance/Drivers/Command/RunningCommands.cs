using System.Text.RegularExpressions;
using Kedge.Drivers;
using Kedge.Drivers.Programs;
using Kedge.Plan.Contracts;
using Xunit;

namespace Kedge.Acceptance.Drivers.Command;

public sealed partial class RunningCommands : IDisposable
{
    private readonly CommandWorld world = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => world.Dispose();

    [Fact]
    public async Task A_component_is_moved_by_its_commands_and_looked_at_by_verify()
    {
        var step = world.Step(world.Component());
        Assert.Equal(InstanceState.Stopped, (await world.Driver.ObserveAsync(step.Instance!, Cancellation)).State);
        var report = await world.Driver.Actions["promote"].ActAsync(step, Cancellation);
        Assert.Equal(
            "exit code 0 after TIME; 1 line of output (sha256 DIGEST), the last: logged in with ***; "
            + "verify: exit code 0 after TIME; 1 line of output (sha256 DIGEST), the last: it is active, says ***",
            Steady(report));
        Assert.Equal("promote failover run-1 east west shop/thing east\n", File.ReadAllText(world["last"]));
        Assert.Equal(InstanceState.Running, (await world.Driver.ObserveAsync(step.Instance!, Cancellation)).State);
        world.Become("half");
        Assert.Equal(InstanceState.Unknown, (await world.Driver.ObserveAsync(step.Instance!, Cancellation)).State);
    }

    [Fact]
    public async Task A_command_that_fails_without_being_safe_to_repeat_leaves_its_outcome_unknown()
    {
        var script = world.Script("fails", "#!/bin/sh\necho one\necho two\necho three\necho \"$PASSWORD\" four\nexit 7\n");
        foreach (var safe in new[] { true, false })
        {
            var step = world.Step(new(world.Component()) { ["start"] = new[] { script }, ["safe-to-repeat"] = safe });
            var failure = await Assert.ThrowsAsync<DriverException>(() => world.Driver.Actions["start"].ActAsync(step, Cancellation));
            Assert.Equal(
                $"'{script}' failed: exit code 7 after TIME; 4 lines of output (sha256 DIGEST), the last: two | three | *** four",
                Steady(failure.Message));
            Assert.Equal(!safe, failure.OutcomeUnknown);
        }
    }

    [Fact]
    public async Task A_command_that_succeeds_without_an_effect_is_not_done_and_its_outcome_is_unknown_when_time_is_up()
    {
        var step = world.Step(new(world.Component()) { ["start"] = new[] { "true" }, ["safe-to-repeat"] = false });
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(TimeSpan.FromMilliseconds(500));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => world.Driver.Actions["start"].ActAsync(step, limit.Token));
        Assert.Equal(JudgementKind.NotYet, (await world.Driver.Actions["start"].VerifyAsync(step, Cancellation)).Kind);
    }

    [Fact]
    public async Task At_its_timeout_a_command_is_stopped_with_all_that_it_has_started()
    {
        var script = world.Script("slow", $"#!/bin/sh\nsleep 1000 &\necho $! > {world["child"]}\nwait\n");
        var step = world.CustomStep(new() { ["run"] = new[] { script }, ["timeout"] = "500ms", ["safe-to-repeat"] = true });
        var failure = await Assert.ThrowsAsync<DriverException>(() => world.Driver.Actions["run"].ActAsync(step, Cancellation));
        Assert.Equal($"'{script}' was stopped: it had not ended after 500ms", failure.Message);
        Assert.True(failure.OutcomeUnknown);
        Assert.True(ProcessStat.Read(int.Parse(File.ReadAllText(world["child"]))) is not { IsDead: false });
    }

    [Fact]
    public async Task A_server_that_a_start_script_leaves_running_goes_on()
    {
        var script = world.Script("daemon", $"#!/bin/sh\nsleep 1000 > /dev/null 2>&1 &\necho $! > {world["child"]}\n");
        await world.Driver.Actions["run"].ActAsync(world.CustomStep(new() { ["run"] = new[] { script } }), Cancellation);
        var server = ProcessStat.Read(int.Parse(File.ReadAllText(world["child"])))!;
        Assert.False(server.IsDead);

        // Longer than a second later, when all else that is left of a command is killed.
        await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System, Cancellation);
        Assert.True(ProcessTable.IsAlive(server.Identity));
        ProcessTable.KillTree(server.Identity);
    }

    [Fact]
    public async Task Without_verify_the_expected_exit_code_decides()
    {
        var options = new Dictionary<string, object> { ["run"] = new[] { "sh", "-c", "exit 3" }, ["expect-exit"] = 3 };
        var step = world.CustomStep(options);
        Assert.Equal(JudgementKind.NotYet, (await world.Driver.Actions["run"].JudgeAsync(step, Cancellation)).Kind);
        Assert.Equal("exit code 3 after TIME, no output", Steady(await world.Driver.Actions["run"].ActAsync(step, Cancellation)));
        Assert.Equal(Judgement.Done("it ended with exit code 3; no verify command tells more"), await world.Driver.Actions["run"].VerifyAsync(step, Cancellation));
        options.Remove("expect-exit");
        var failure = await Assert.ThrowsAsync<DriverException>(() => world.Driver.Actions["run"].ActAsync(world.CustomStep(options), Cancellation));
        Assert.Contains("exit code 3", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_end_by_a_signal_is_never_success()
    {
        var step = world.CustomStep(new() { ["run"] = new[] { "sh", "-c", "kill -TERM $$" }, ["expect-exit"] = 143 });
        var failure = await Assert.ThrowsAsync<DriverException>(() => world.Driver.Actions["run"].ActAsync(step, Cancellation));
        Assert.Equal("'sh' failed: ended by signal 15 after TIME, no output", Steady(failure.Message));
    }

    [Fact]
    public async Task A_verify_that_cannot_be_run_is_said_to_be_so_instead_of_waited_for()
    {
        var step = world.Step(new(world.Component()) { ["verify"] = new[] { "/no/such/verify" } });
        var seen = await world.Driver.Actions["start"].JudgeAsync(step, Cancellation);
        Assert.Equal(Judgement.Impossible("program '/no/such/verify' does not exist", "install it, or mend the path"), seen);
        var observed = await world.Driver.ObserveAsync(step.Instance!, Cancellation);
        Assert.Equal((InstanceState.Unknown, "program '/no/such/verify' does not exist"), (observed.State, observed.Summary));
    }

    [Fact]
    public async Task A_sites_own_fence_command_is_a_step_with_nothing_but_the_essentials()
    {
        var options = new OptionValues(new Dictionary<string, object>
        {
            ["run"] = (IReadOnlyList<string>)[world["shop"], "inactive"],
            ["safe-to-repeat"] = true,
            ["timeout"] = TimeSpan.FromSeconds(30),
        });
        world.Become("active");
        var instance = world.Step(world.Component()).Instance;
        await world.Driver.Actions["run"].ActAsync(SmallPlan.Step(instance, options), Cancellation);
        Assert.Equal("inactive", world.State);
    }

    [Fact]
    public async Task A_check_is_a_command_whose_exit_code_is_the_result()
    {
        var good = await world.Driver.CheckAsync(SmallPlan.Check(world.Driver.Contract, new { run = new[] { "echo", "42 orders" } }), Cancellation);
        Assert.Equal((true, "exit code 0 after TIME; 1 line of output (sha256 DIGEST), the last: 42 orders"), (good.Ok, Steady(good.What)));
        var bad = await world.Driver.CheckAsync(SmallPlan.Check(world.Driver.Contract, new { run = new[] { "false" } }), Cancellation);
        Assert.Equal((false, "exit code 1 after TIME, no output"), (bad.Ok, Steady(bad.What)));
        var missing = await world.Driver.CheckAsync(SmallPlan.Check(world.Driver.Contract, new { run = new[] { "/no/such/check" } }), Cancellation);
        Assert.Equal(new CheckResult(false, "program '/no/such/check' does not exist"), missing);
    }

    [Fact]
    public async Task What_a_command_prints_stays_one_line_that_does_no_harm_to_a_terminal()
    {
        var script = world.Script("noisy", "#!/bin/sh\nprintf 'a\\tb\\033[31mred\\r\\n'; head -c 1000 /dev/zero | tr '\\0' x\n");
        var report = await world.Driver.Actions["run"].ActAsync(world.CustomStep(new() { ["run"] = new[] { script } }), Cancellation);
        Assert.DoesNotContain(report, char.IsControl);
        Assert.EndsWith($"the last: a b [31mred | {new string('x', 160)}…", report, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reader_of_the_plan_is_told_what_to_mend()
    {
        Assert.Equal("""
            warning command.not-verified services.shop.components.thing.at.east.verify
              Nothing but exit codes tells whether its commands have worked.
              Add `verify`: a command with exit code 0 where the component is active, 3 where it is not.
            error command.path-not-absolute services.shop.components.thing.at.east.folder
              'shop' is not an absolute path.
              Begin it with a slash.
            warning command.does-nothing services.shop.components.thing.at.west
              No command is given, so that nothing is done for it.
              Add one of `promote`, `start`, `stop`, `fence`, `switch`.

            """, SmallPlan.Problems(world.Driver.Contract, new { start = new[] { "true" }, folder = "shop" }, new { }));
        Assert.Equal("""
            error command.secret-in-plan services.shop.steps[0].options.secrets
              `PASSWORD` holds no reference to a secret.
              Write `PASSWORD: env:NAME` or `PASSWORD: file:PATH`.

            """, SmallPlan.CustomProblems(world.Driver.Contract, new { run = new[] { "true" }, secrets = new { PASSWORD = "hunter2" } }));
    }

    private static string Steady(string report) => Digest().Replace(Time().Replace(report, "after TIME"), "sha256 DIGEST");

    [GeneratedRegex(@"after (<1ms|[0-9.]+(ms|s|m))+")]
    private static partial Regex Time();

    [GeneratedRegex("sha256 [0-9a-f]{12}")]
    private static partial Regex Digest();
}
