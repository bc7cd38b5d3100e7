using Kedge.Drivers;

namespace Kedge.Acceptance.Drivers.Command;

public sealed class WhatTheCommandDriverPromises : DriverPromises
{
    private readonly CommandWorld world = new();

    protected override IDriver Driver => world.Driver;

    protected override string Secret => CommandWorld.Secret;

    public override ValueTask DisposeAsync()
    {
        world.Dispose();
        return ValueTask.CompletedTask;
    }

    protected override bool IsSafeToRepeat(string action) => true;

    protected override Task<StepContext> PrepareAsync(string action)
    {
        world.Become(action is "stop" or "fence" or "make-dormant" ? "active" : "inactive");
        return Task.FromResult(action is "run" ? world.CustomStep(world.Custom()) : world.Step(world.Component()));
    }

    protected override Task<string> WorldAsync() => Task.FromResult(world.ToString());

    protected override async IAsyncEnumerable<(string Action, StepContext Step, string Names)> BrokenAsync()
    {
        await Task.CompletedTask;
        world.Become("inactive");
        foreach (var (option, value, names) in new (string, object, string)[]
        {
            ("start", new[] { "/no/such/program" }, "'/no/such/program' does not exist"),
            ("folder", "/no/such/folder", "'/no/such/folder' does not exist"),
            ("user", "nosuch", "no user 'nosuch'"),
            ("secrets", new { PASSWORD = "file:/no/such/secret" }, "file:/no/such/secret is missing"),
        })
        {
            yield return ("start", world.Step(new(world.Component()) { [option] = value }), names);
        }

        yield return ("run", world.CustomStep(new(world.Custom()) { ["run"] = new[] { "no-such-program" } }), "'no-such-program' is not on PATH");
    }
}
