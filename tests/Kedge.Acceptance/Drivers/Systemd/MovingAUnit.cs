using Kedge.Drivers;
using Kedge.Drivers.Programs;
using Xunit;

namespace Kedge.Acceptance.Drivers.Systemd;

public sealed class MovingAUnit : IDisposable
{
    private readonly FakeSystemctl systemctl = new();
    private readonly InstanceContext shop;

    public MovingAUnit() => shop = SmallPlan.Instance(systemctl.Driver.Contract, new { unit = "shop.service" });

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private StepContext Step => SmallPlan.Step(shop, shop.Options);

    public void Dispose() => systemctl.Dispose();

    [Fact]
    public async Task It_is_started_seen_and_stopped()
    {
        await SeenAsync(InstanceState.Stopped, "shop.service is inactive (dead)");
        var report = await ActAsync("start");
        Assert.Equal($"shop.service is active (running), process {systemctl.Main!.Pid}", report);
        await SeenAsync(InstanceState.Running, report);
        Assert.Equal("shop.service is inactive (dead)", await ActAsync("stop"));
        Assert.Null(systemctl.Main);
        Assert.Equal(
            ["--system --no-pager --no-ask-password start -- shop.service", "--system --no-pager --no-ask-password stop --no-block -- shop.service"],
            systemctl.Asked);
    }

    [Fact]
    public async Task An_exit_code_of_zero_is_not_taken_for_a_service_that_runs()
    {
        systemctl.Become("lies");
        Assert.Equal("shop.service is inactive (dead)", await ActAsync("start"));
        Assert.Equal(JudgementKind.NotYet, (await systemctl.Driver.Actions["start"].VerifyAsync(Step, Cancellation)).Kind);
    }

    [Fact]
    public async Task A_unit_whose_process_was_killed_or_hangs_does_not_run()
    {
        await ActAsync("start");
        var pid = systemctl.Main!.Pid;
        ProcessTable.Signal(systemctl.Main.Identity, 19);
        await Until(() => systemctl.Main is { IsStopped: true });
        await SeenAsync(InstanceState.Failing, $"shop.service is active (running), process {pid}, which a signal has stopped");
        ProcessTable.Signal(systemctl.Main!.Identity, 9);
        await Until(() => systemctl.Main is null);
        await SeenAsync(InstanceState.Stopped, "shop.service is failed (failed), result signal, status 9");
    }

    [Fact]
    public async Task One_that_hangs_is_killed_and_started_anew()
    {
        await ActAsync("start");
        var hanging = systemctl.Main!;
        ProcessTable.Signal(hanging.Identity, 19);
        await Until(() => systemctl.Main is { IsStopped: true });
        var report = await ActAsync("start");
        Assert.Equal(
            $"killed process {hanging.Pid}, which a signal had stopped; shop.service is active (running), process {systemctl.Main!.Pid}", report);
        Assert.NotEqual(hanging.Pid, systemctl.Main.Pid);
    }

    [Fact]
    public async Task At_a_lost_site_one_that_does_not_stop_is_killed_after_the_stop_has_begun()
    {
        await ActAsync("start");
        systemctl.Become("stubborn");
        Assert.Equal("shop.service is inactive (dead), killed by SIGKILL", await ActAsync("stop-old"));
        Assert.Equal(["start", "stop", "kill"], systemctl.Asked.Select(a => a.Split(' ')[3]));
    }

    [Fact]
    public async Task A_failure_is_told_as_systemd_tells_it()
    {
        systemctl.Become("fails");
        var failed = await Assert.ThrowsAsync<DriverException>(() => ActAsync("start"));
        Assert.Equal(("shop.service is failed (failed), result exit-code, status 3", "read journalctl -u shop.service"), (failed.Message, failed.Hint));
        systemctl.Reset("denies");
        var denied = await Assert.ThrowsAsync<DriverException>(() => ActAsync("start"));
        Assert.Equal("systemd did not start shop.service: Failed to start shop.service: Access denied", denied.Message);
        systemctl.Become("not-booted");
        await SeenAsync(InstanceState.Unknown,
            "systemd could not be asked about shop.service: System has not been booted with systemd as init system (PID 1). Can't operate.");
    }

    [Fact]
    public async Task A_name_that_is_wrong_does_not_pass_for_a_service_that_is_stopped()
    {
        var missing = SmallPlan.Instance(systemctl.Driver.Contract, new { unit = "nosuch.service" });
        var seen = await systemctl.Driver.Actions["stop"].JudgeAsync(SmallPlan.Step(missing, missing.Options), Cancellation);
        Assert.Equal((JudgementKind.Impossible, "nosuch.service is not-found"), (seen.Kind, seen.What));
    }

    [Fact]
    public async Task A_users_unit_is_asked_of_that_users_manager()
    {
        var mine = SmallPlan.Instance(systemctl.Driver.Contract, new { unit = "shop.service", scope = "user" });
        await systemctl.Driver.Actions["start"].ActAsync(SmallPlan.Step(mine, mine.Options), Cancellation);
        Assert.Equal(["--user --no-pager --no-ask-password start -- shop.service"], systemctl.Asked);
    }

    [Fact]
    public void A_reader_of_the_plan_is_told_what_to_mend() => Assert.Equal("""
        error systemd.no-unit-name services.shop.components.thing.at.east.unit
          'shop' is not the name of a unit.
          Write it with its type, as in `shop.service`.
        error systemd.user-without-scope services.shop.components.thing.at.east.user
          `user` means nothing to the system's manager.
          Add `scope: user`, or take `user` out; the unit's file says as whom it runs.
        error systemd.no-unit-name services.shop.components.thing.at.west.unit
          '--all.service' is not the name of a unit.
          Write it with its type, as in `shop.service`.

        """, SmallPlan.Problems(systemctl.Driver.Contract, new { unit = "shop", user = "shop" }, new { unit = "--all.service" }));

    private Task<string> ActAsync(string action) => systemctl.Driver.Actions[action].ActAsync(Step, Cancellation);

    private async Task SeenAsync(InstanceState state, string summary)
    {
        var seen = await systemctl.Driver.ObserveAsync(shop, Cancellation);
        Assert.Equal((state, summary), (seen.State, seen.Summary));
    }

    private static async Task Until(Func<bool> condition)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(60), "never came about");
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Cancellation);
        }
    }
}
