using Kedge.Drivers;
using Kedge.Plan.Model;
using Xunit;

namespace Kedge.Acceptance.Drivers.Dns;

public class PointingAName
{
    public static TheoryData<NameServerKind> Kinds => [NameServerKind.Knot, NameServerKind.Bind];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Every_authoritative_server_gives_out_the_new_address(NameServerKind kind)
    {
        await using var zone = await ShopZone.StartAsync(kind, secondaries: 1);
        var point = ShopZone.Driver().Actions["point"];
        var step = zone.Step(RunKind.Switchover, "east", "west");

        Assert.Equal(JudgementKind.NotYet, (await point.JudgeAsync(step, CancellationToken.None)).Kind);
        var done = await point.ActAsync(step, CancellationToken.None);
        var verified = await VerifyAsync(point, step);

        Assert.Contains($"{zone.Primary.EndPoint} has pointed orders.shop.example at 198.51.100.12 (time to live 1s)", done, StringComparison.Ordinal);
        Assert.Contains("before, it answers 192.0.2.11", done, StringComparison.Ordinal);
        Assert.All(zone.Servers, s => Assert.Contains($"{s} (serial 2)", verified.What, StringComparison.Ordinal));
        foreach (var server in zone.Servers)
        {
            Assert.Equal(ShopZone.West, await ShopZone.AskAsync(server, "orders", "A"));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Doing_it_twice_is_doing_it_once(NameServerKind kind)
    {
        await using var zone = await ShopZone.StartAsync(kind);
        var point = ShopZone.Driver().Actions["point"];
        var step = zone.Step(RunKind.Failover, "east", "west");

        await point.ActAsync(step, CancellationToken.None);
        var serial = await ShopZone.SerialAsync(zone.Primary.EndPoint);
        Assert.Equal(JudgementKind.Done, (await point.JudgeAsync(step, CancellationToken.None)).Kind);
        Assert.Contains("was there already", await point.ActAsync(step, CancellationToken.None), StringComparison.Ordinal);
        Assert.Equal(serial, await ShopZone.SerialAsync(zone.Primary.EndPoint));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task There_and_back_again(NameServerKind kind)
    {
        await using var zone = await ShopZone.StartAsync(kind);
        var point = ShopZone.Driver().Actions["point"];
        foreach (var (run, from, to, address) in new[]
        {
            (RunKind.Failover, "east", "west", ShopZone.West),
            (RunKind.Rollback, "west", "east", ShopZone.East),
            (RunKind.Switchover, "east", "west", ShopZone.West),
            (RunKind.Failback, "west", "east", ShopZone.East),
        })
        {
            var step = zone.Step(run, from, to);
            await point.ActAsync(step, CancellationToken.None);
            await VerifyAsync(point, step);
            Assert.Equal(address, await ShopZone.AskAsync(zone.Primary.EndPoint, "orders", "A"));
        }
    }

    [Theory]
    [InlineData(NameServerKind.Knot, "hmac-sha384")]
    [InlineData(NameServerKind.Knot, "hmac-sha512")]
    [InlineData(NameServerKind.Bind, "hmac-sha384")]
    [InlineData(NameServerKind.Bind, "hmac-sha512")]
    public async Task Stronger_algorithms_are_taken_too(NameServerKind kind, string algorithm)
    {
        await using var zone = await ShopZone.StartAsync(kind, key: ShopZone.Key with { Algorithm = algorithm });
        var step = zone.Step(RunKind.Switchover, "east", "west", ("key-algorithm", algorithm));
        await ShopZone.Driver().Actions["point"].ActAsync(step, CancellationToken.None);
        Assert.Equal(ShopZone.West, await ShopZone.AskAsync(zone.Primary.EndPoint, "orders", "A"));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_name_that_had_no_address_gets_one(NameServerKind kind)
    {
        await using var zone = await ShopZone.StartAsync(kind, records: "");
        var point = ShopZone.Driver().Actions["point"];
        var step = zone.Step(RunKind.Failover, "east", "west");
        await point.ActAsync(step, CancellationToken.None);
        Assert.Equal(JudgementKind.Done, (await point.VerifyAsync(step, CancellationToken.None)).Kind);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_name_that_only_a_wildcard_answered_for_gets_a_record_of_its_own(NameServerKind kind)
    {
        await using var zone = await ShopZone.StartAsync(kind, records: "* 1 A 192.0.2.11");
        var point = ShopZone.Driver().Actions["point"];
        await point.ActAsync(zone.Step(RunKind.Failover, "east", "west"), CancellationToken.None);
        Assert.Equal(ShopZone.West, await ShopZone.AskAsync(zone.Primary.EndPoint, "orders", "A"));
        Assert.Equal(ShopZone.East, await ShopZone.AskAsync(zone.Primary.EndPoint, "other", "A"));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Several_addresses_give_way_to_the_one(NameServerKind kind)
    {
        // Forty addresses do not fit into 512 bytes: they are read over TCP, and each is a prerequisite.
        var many = string.Join('\n', Enumerable.Range(1, 40).Select(i => $"orders 1 A 192.0.2.{i}"));
        await using var zone = await ShopZone.StartAsync(kind, records: many);
        await using var relay = new DnsRelay(zone.Primary.EndPoint);
        var step = zone.Step(RunKind.Failover, "east", "west", ("servers", (IReadOnlyList<string>)[relay.EndPoint.ToString()]));
        await ShopZone.Driver().Actions["point"].ActAsync(step, CancellationToken.None);
        Assert.Equal(ShopZone.West, await ShopZone.AskAsync(zone.Primary.EndPoint, "orders", "A"));
        Assert.Equal(1, relay.OverTcp);
    }

    [Fact]
    public async Task A_time_to_live_that_is_too_long_is_mended()
    {
        await using var zone = await ShopZone.StartAsync(NameServerKind.Knot, records: "orders 3600 A 198.51.100.12");
        var point = ShopZone.Driver().Actions["point"];
        var step = zone.Step(RunKind.Failover, "east", "west");
        var before = await point.JudgeAsync(step, CancellationToken.None);
        await point.ActAsync(step, CancellationToken.None);
        Assert.Equal((JudgementKind.NotYet, true), (before.Kind, before.What.Contains("time to live 1h", StringComparison.Ordinal)));
        Assert.Equal(JudgementKind.Done, (await point.JudgeAsync(step, CancellationToken.None)).Kind);
    }

    [Fact]
    public async Task Addresses_of_the_other_family_are_left_alone()
    {
        await using var zone = await ShopZone.StartAsync(NameServerKind.Knot, records: "orders 1 A 192.0.2.11\norders 1 AAAA 2001:db8::11");
        var step = zone.Step(RunKind.Failover, "east", "west", ("address", "2001:db8::12"));
        var point = ShopZone.Driver().Actions["point"];
        await point.ActAsync(step, CancellationToken.None);
        await VerifyAsync(point, step);
        Assert.Equal("2001:db8::12", await ShopZone.AskAsync(zone.Primary.EndPoint, "orders", "AAAA"));
        Assert.Equal(ShopZone.East, await ShopZone.AskAsync(zone.Primary.EndPoint, "orders", "A"));
    }

    [Fact]
    public async Task An_alias_cannot_be_pointed_and_says_so()
    {
        await using var zone = await ShopZone.StartAsync(NameServerKind.Knot, records: "orders 1 CNAME front\nfront 1 A 192.0.2.11");
        var point = ShopZone.Driver().Actions["point"];
        var step = zone.Step(RunKind.Failover, "east", "west");
        var judgement = await point.JudgeAsync(step, CancellationToken.None);
        Assert.Equal(JudgementKind.Impossible, judgement.Kind);
        Assert.Contains("orders.shop.example is another name for front.shop.example", judgement.What, StringComparison.Ordinal);
        Assert.Contains("delete the CNAME record", judgement.Hint, StringComparison.Ordinal);
        await Assert.ThrowsAsync<DriverException>(() => point.ActAsync(step, CancellationToken.None));
    }

    internal static async Task<Judgement> VerifyAsync(IDriverAction point, StepContext step)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var judgement = await point.VerifyAsync(step, deadline.Token);
            if (judgement.Kind is JudgementKind.Done)
            {
                return judgement;
            }

            await Task.Delay(5, deadline.Token);
        }
    }
}
