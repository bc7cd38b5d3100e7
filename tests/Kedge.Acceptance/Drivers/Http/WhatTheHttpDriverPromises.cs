using System.Net;
using Kedge.Acceptance.Drivers.Dns;
using Kedge.Drivers;
using Kedge.Drivers.Http;
using Kedge.Plan.Contracts;

namespace Kedge.Acceptance.Drivers.Http;

public sealed class WhatTheHttpDriverPromises : DriverPromises
{
    private readonly HttpListener listener = new();
    private readonly string url = $"http://{LoopbackPorts.Next(IPAddress.Loopback)}/";
    private Task serving = Task.CompletedTask;
    private int requests;

    protected override HttpDriver Driver { get; } = new(new FakeSecrets(("TOKEN", "s3cr3t-value")).Services(TimeProvider.System));

    protected override string Secret => "s3cr3t-value";

    public override ValueTask InitializeAsync()
    {
        listener.Prefixes.Add(url);
        listener.Start();
        serving = ServeAsync();
        return ValueTask.CompletedTask;
    }

    public override async ValueTask DisposeAsync()
    {
        listener.Stop();
        await serving;
    }

    protected override Task<StepContext> PrepareAsync(string action) => Task.FromResult(Step(url, "env:TOKEN"));

    protected override Task<string> WorldAsync() => Task.FromResult($"{requests} requests");

    // What a call did is known to whoever was called.
    protected override bool IsObservable(string action) => false;

    protected override async IAsyncEnumerable<(string Action, StepContext Step, string Names)> BrokenAsync()
    {
        yield return ("call", Step($"http://{LoopbackPorts.Next(IPAddress.Loopback)}/", "env:TOKEN"), "no connection to 127.0.0.1");
        yield return ("call", Step(url, "env:NOWHERE"), "no secret env:NOWHERE");
        await Task.CompletedTask;
    }

    private static StepContext Step(string address, string token) => SmallPlan.Step(null, new OptionValues(new Dictionary<string, object>
    {
        ["url"] = address,
        ["method"] = "POST",
        ["expect-status"] = "200-299",
        ["headers"] = new Dictionary<string, string> { ["Authorization"] = $"Bearer {token}" },
        ["follow-redirects"] = false,
        ["timeout"] = TimeSpan.FromSeconds(30),
        ["safe-to-repeat"] = false,
    }));

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var context = await listener.GetContextAsync();
                requests++;
                context.Response.Close();
            }
        }
        catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
