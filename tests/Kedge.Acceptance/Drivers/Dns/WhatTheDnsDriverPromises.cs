using Kedge.Drivers;
using Kedge.Drivers.Dns;
using Kedge.Plan.Model;

namespace Kedge.Acceptance.Drivers.Dns;

public sealed class WhatTheDnsDriverPromises : DriverPromises
{
    private static readonly SiteName West = new("west");

    private ShopZone zone = null!;

    protected override DnsDriver Driver { get; } = ShopZone.Driver();

    protected override string Secret => ShopZone.Key.Secret;

    public override async ValueTask InitializeAsync() => zone = await ShopZone.StartAsync(NameServerKind.Knot);

    public override ValueTask DisposeAsync() => zone.DisposeAsync();

    protected override async Task<StepContext> PrepareAsync(string action)
    {
        var instance = Instance(Options());
        var back = instance.At(new SiteName("east"))!;
        await Driver.Actions["point"].ActAsync(SmallPlan.Step(back, back.Options, RunKind.Switchover), Cancellation);
        return SmallPlan.Step(instance, instance.Options);
    }

    protected override Task<string> WorldAsync() => ShopZone.TransferAsync(zone.Primary.EndPoint);

    protected override async IAsyncEnumerable<(string Action, StepContext Step, string Names)> BrokenAsync()
    {
        foreach (var (option, value, names) in new (string, object, string)[]
        {
            ("key-name", "stranger", "does not know the key stranger"),
            ("key", "env:NOWHERE", "no secret env:NOWHERE"),
            ("zone", "book.example", "answers REFUSED"),
            ("servers", new[] { LoopbackPorts.Next().ToString() }, "nothing listens there"),
        })
        {
            var instance = Instance(new(Options()) { [option] = value });
            yield return ("point", SmallPlan.Step(instance, instance.Options), names);
        }

        await Task.CompletedTask;
    }

    private Dictionary<string, object> Options() => new()
    {
        ["zone"] = ShopZone.Zone,
        ["name"] = "orders",
        ["ttl"] = "1s",
        ["servers"] = new[] { zone.Primary.EndPoint.ToString() },
        ["key-name"] = ShopZone.Key.Name,
        ["key"] = "env:DNS_KEY",
    };

    private InstanceContext Instance(Dictionary<string, object> options) => SmallPlan.Instance(
        Driver.Contract,
        new Dictionary<string, object>(options) { ["address"] = ShopZone.East },
        new Dictionary<string, object>(options) { ["address"] = ShopZone.West }).At(West)!;
}
