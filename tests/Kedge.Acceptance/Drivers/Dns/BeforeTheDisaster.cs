using Kedge.Drivers;
using Kedge.Plan.Model;
using Xunit;

namespace Kedge.Acceptance.Drivers.Dns;

/// <summary>Preflight, and what can be observed at any time.</summary>
public class BeforeTheDisaster
{
    [Theory]
    [InlineData(NameServerKind.Knot)]
    [InlineData(NameServerKind.Bind)]
    public async Task What_is_well_is_said_to_be_and_nothing_changes(NameServerKind kind)
    {
        await using var zone = await ShopZone.StartAsync(kind, secondaries: 1);
        var findings = await ShopZone.Driver().Actions["point"].PreflightAsync(zone.Step(RunKind.Failover, "east", "west"), CancellationToken.None);

        Assert.All(findings, f => Assert.True(f.Ok, f.What));
        Assert.Equal(
            [
                $"{zone.Servers[0]} answers 192.0.2.11 (time to live 1s), asked for orders.shop.example in zone shop.example",
                $"{zone.Servers[1]} answers 192.0.2.11 (time to live 1s), asked for orders.shop.example in zone shop.example",
                $"{zone.Servers[0]} takes updates of shop.example signed with kedge (hmac-sha256)",
                "ns1.shop.example serves shop.example and is among the servers",
                "ns2.shop.example serves shop.example and is among the servers",
            ],
            findings.Select(f => f.What));
        Assert.Equal("1", await ShopZone.SerialAsync(zone.Primary.EndPoint));
    }

    [Fact]
    public async Task A_time_to_live_other_than_the_plans_is_found()
    {
        await using var zone = await ShopZone.StartAsync(NameServerKind.Knot, records: "orders 3600 A 192.0.2.11");
        await OneFindingAsync(zone, "where the plan has a time to live of 1s", "set the record's time to live to 1s");
    }

    [Fact]
    public async Task A_name_server_that_is_not_listed_is_found()
    {
        await using var zone = await ShopZone.StartAsync(NameServerKind.Knot, records: "orders 1 A 192.0.2.11\n@ NS ns9\nns9 A 203.0.113.53");
        await OneFindingAsync(zone, "ns9.shop.example serves shop.example at 203.0.113.53, which is not among the servers", "add it to servers");
    }

    [Fact]
    public async Task A_name_server_whose_address_is_elsewhere_is_left_to_people()
    {
        await using var zone = await ShopZone.StartAsync(NameServerKind.Knot, records: "orders 1 A 192.0.2.11\n@ NS ns.other.example.");
        var findings = await ShopZone.Driver().Actions["point"].PreflightAsync(zone.Step(RunKind.Failover, "east", "west"), CancellationToken.None);
        Assert.Contains(findings, f => f.Ok && f.What.StartsWith("ns.other.example serves shop.example too", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_zone_that_the_server_does_not_have_is_found()
    {
        await using var zone = await ShopZone.StartAsync(NameServerKind.Knot);
        var step = zone.Step(RunKind.Failover, "east", "west", ("zone", "book.example"));
        var findings = await ShopZone.Driver().Actions["point"].PreflightAsync(step, CancellationToken.None);
        Assert.All(findings, f => Assert.False(f.Ok, f.What));
        Assert.Contains(findings, f => f.What == $"{zone.Primary.EndPoint} answers REFUSED");
        Assert.Contains(findings, f => f.Fix!.Contains("zone book.example", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_that_is_down_is_found()
    {
        await using var zone = await ShopZone.StartAsync(NameServerKind.Knot, secondaries: 1);
        await zone.Secondaries[0].KillAsync();
        await OneFindingAsync(zone, "nothing listens there", "see whether the name server runs");
    }

    [Fact]
    public async Task An_update_server_at_the_lost_site_is_found()
    {
        await using var zone = await ShopZone.StartAsync(NameServerKind.Knot, secondaries: 1);
        var primary = zone.Primary.EndPoint.ToString();
        await OneFindingAsync(
            zone,
            "stands at east, which would be lost",
            "update-server for the recovery site",
            ("update-server", primary),
            ("server-sites", new Dictionary<string, string> { [primary] = "east" }));
    }

    [Fact]
    public async Task What_a_look_finds_follows_the_name()
    {
        await using var zone = await ShopZone.StartAsync(NameServerKind.Knot, secondaries: 1);
        var driver = ShopZone.Driver();
        async Task<(InstanceState East, InstanceState West)> LookAsync()
        {
            var east = await driver.ObserveAsync(zone.Step(RunKind.Failback, "west", "east").Instance!, CancellationToken.None);
            var west = await driver.ObserveAsync(zone.Step(RunKind.Failover, "east", "west").Instance!, CancellationToken.None);
            Assert.Equal(east.Facts, west.Facts);
            Assert.True(east.Reachable);
            return (east.State, west.State);
        }

        Assert.Equal((InstanceState.Running, InstanceState.Stopped), await LookAsync());
        var step = zone.Step(RunKind.Switchover, "east", "west");
        await driver.Actions["point"].ActAsync(step, CancellationToken.None);
        await PointingAName.VerifyAsync(driver.Actions["point"], step);
        Assert.Equal((InstanceState.Stopped, InstanceState.Running), await LookAsync());
    }

    [Fact]
    public async Task Facts_are_the_zones_set_up_and_outlive_a_switch()
    {
        await using var zone = await ShopZone.StartAsync(NameServerKind.Knot, secondaries: 1);
        var driver = ShopZone.Driver();
        var step = zone.Step(RunKind.Switchover, "east", "west");
        var before = (await driver.ObserveAsync(step.Instance!, CancellationToken.None)).Facts;
        await driver.Actions["point"].ActAsync(step, CancellationToken.None);
        await PointingAName.VerifyAsync(driver.Actions["point"], step);
        Assert.Equal(before, (await driver.ObserveAsync(step.Instance!, CancellationToken.None)).Facts);
        Assert.Equal(
            "record time to live=1s, zone primary=ns1.shop.example, zone servers=ns1.shop.example ns2.shop.example",
            string.Join(", ", before.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => $"{f.Key}={f.Value}")));
    }

    [Fact]
    public async Task With_every_server_silent_the_state_is_unknown_and_no_exception_comes()
    {
        await using var zone = await ShopZone.StartAsync(NameServerKind.Knot);
        zone.Primary.Pause();
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        var seen = await ShopZone.Driver().ObserveAsync(zone.Step(RunKind.Failover, "east", "west").Instance!, soon.Token);
        zone.Primary.Resume();
        Assert.Equal((InstanceState.Unknown, false), (seen.State, seen.Reachable));
        Assert.Equal($"{zone.Primary.EndPoint} did not answer in the time given", seen.Summary);
    }

    [Fact]
    public async Task Servers_that_do_not_agree_are_a_failure()
    {
        await using var one = await ShopZone.StartAsync(NameServerKind.Knot);
        await using var other = await ShopZone.StartAsync(NameServerKind.Knot, records: "orders 1 A 198.51.100.12");
        var step = one.Step(
            RunKind.Failover, "east", "west", ("servers", (IReadOnlyList<string>)[.. one.Servers.Concat(other.Servers).Select(s => s.ToString())]));
        var seen = await ShopZone.Driver().ObserveAsync(step.Instance!, CancellationToken.None);
        Assert.Equal(InstanceState.Failing, seen.State);
    }

    private static async Task OneFindingAsync(ShopZone zone, string what, string fix, params (string Option, object? Value)[] changes)
    {
        var findings = await ShopZone.Driver().Actions["point"].PreflightAsync(
            zone.Step(RunKind.Failover, "east", "west", changes), CancellationToken.None);
        var finding = Assert.Single(findings, f => !f.Ok);
        Assert.Contains(what, finding.What, StringComparison.Ordinal);
        Assert.Contains(fix, finding.Fix, StringComparison.Ordinal);
    }
}
