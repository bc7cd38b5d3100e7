using Kedge.Drivers;

namespace Kedge.Acceptance.Drivers.Systemd;

public sealed class WhatTheSystemdDriverPromises : DriverPromises
{
    private readonly FakeSystemctl systemctl = new();

    protected override IDriver Driver => systemctl.Driver;

    public override ValueTask DisposeAsync()
    {
        systemctl.Dispose();
        return ValueTask.CompletedTask;
    }

    protected override async Task<StepContext> PrepareAsync(string action)
    {
        systemctl.Reset("well");
        var instance = SmallPlan.Instance(Driver.Contract, new { unit = "shop.service" });
        var step = SmallPlan.Step(instance, instance.Options);
        if (action is "stop" or "stop-old" or "make-dormant")
        {
            await Driver.Actions["start"].ActAsync(step, Cancellation);
        }

        return step;
    }

    protected override Task<string> WorldAsync() => Task.FromResult(systemctl.ToString());

    protected override async IAsyncEnumerable<(string Action, StepContext Step, string Names)> BrokenAsync()
    {
        foreach (var (mood, action, names) in new[]
        {
            ("masked", "start", "shop.service is masked"),
            ("not-booted", "start", "System has not been booted with systemd"),
            ("not-booted", "stop", "System has not been booted with systemd"),
        })
        {
            var step = await PrepareAsync("start");
            systemctl.Become(mood);
            yield return (action, step, names);
        }

        systemctl.Become("well");
        var missing = SmallPlan.Instance(Driver.Contract, new { unit = "nosuch.service" });
        yield return ("start", SmallPlan.Step(missing, missing.Options), "nosuch.service is not-found");
        yield return ("stop", SmallPlan.Step(missing, missing.Options), "nosuch.service is not-found");
    }
}
