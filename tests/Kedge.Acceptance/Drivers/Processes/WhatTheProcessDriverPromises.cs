using Kedge.Drivers;

namespace Kedge.Acceptance.Drivers.Processes;

public sealed class WhatTheProcessDriverPromises : DriverPromises
{
    private readonly ProcessWorld world = new();
    private readonly int port = SmallServer.FreePort();

    protected override IDriver Driver => world.Driver;

    protected override string Secret => "s3cr3t-value";

    public override async ValueTask DisposeAsync() => await world.DisposeAsync();

    protected override async Task<StepContext> PrepareAsync(string action)
    {
        await world.KillAllAsync();
        File.WriteAllText(world["secret"], Secret + "\n");
        File.SetUnixFileMode(world["secret"], UnixFileMode.UserRead);
        var instance = world.Instance(Server());
        if (action is "stop" or "stop-old" or "make-dormant")
        {
            await Driver.Actions["start"].ActAsync(SmallPlan.Step(instance, instance.Options), Cancellation);
        }

        return SmallPlan.Step(instance, instance.Options);
    }

    protected override Task<string> WorldAsync() => Task.FromResult(world.ToString());

    protected override async IAsyncEnumerable<(string Action, StepContext Step, string Names)> BrokenAsync()
    {
        await world.KillAllAsync();
        foreach (var (option, value, names) in new (string, object, string)[]
        {
            ("run", new[] { "/no/such/program" }, "'/no/such/program' does not exist"),
            ("folder", "/no/such/folder", "'/no/such/folder' does not exist"),
            ("user", "nosuch", "no user 'nosuch'"),
            ("secrets", new { DB_PASSWORD = "file:/no/such/secret" }, "file:/no/such/secret is missing"),
        })
        {
            var instance = world.Instance(new(Server()) { [option] = value });
            yield return ("start", SmallPlan.Step(instance, instance.Options), names);
        }
    }

    private Dictionary<string, object> Server() => new()
    {
        ["run"] = new[] { SmallServer.Program },
        ["environment"] = SmallServer.Environment(port),
        ["secrets"] = new { DB_PASSWORD = $"file:{world["secret"]}" },
        ["ready-url"] = $"http://127.0.0.1:{port}/ready",
        ["stop-timeout"] = "5s",
    };
}
