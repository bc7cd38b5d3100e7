using System.Net;
using System.Security.Cryptography;
using Kedge.Drivers;
using Kedge.Drivers.Dns;
using Kedge.Drivers.Dns.Wire;
using Kedge.Plan.Model;
using Xunit;

namespace Kedge.Acceptance.Drivers.Dns;

public class WhenSomebodyElseWrites
{
    private static readonly DnsName Zone = DnsName.Parse(ShopZone.Zone);
    private static readonly DnsName Orders = DnsName.Parse("orders.shop.example");

    [Theory]
    [InlineData(NameServerKind.Knot)]
    [InlineData(NameServerKind.Bind)]
    public async Task Between_looking_and_writing_their_change_stands_and_is_named(NameServerKind kind)
    {
        await using var zone = await ShopZone.StartAsync(kind);
        await using var relay = new DnsRelay(zone.Primary.EndPoint);
        relay.OnRequest = async request =>
        {
            if (DnsRelay.IsUpdate(request))
            {
                await WriteAsync(zone, ShopZone.East, "203.0.113.9");
            }

            return request;
        };
        var step = zone.Step(RunKind.Failover, "east", "west", ("servers", Only(relay)));
        var point = ShopZone.Driver().Actions["point"];

        var error = await Assert.ThrowsAsync<DriverException>(() => point.ActAsync(step, CancellationToken.None));

        Assert.Contains("somebody else changed orders.shop.example meanwhile", error.Message, StringComparison.Ordinal);
        Assert.Contains("now it answers 203.0.113.9", error.Message, StringComparison.Ordinal);
        Assert.False(error.OutcomeUnknown);
        Assert.Equal("203.0.113.9", await ShopZone.AskAsync(zone.Primary.EndPoint, "orders", "A"));
        Assert.Equal(JudgementKind.NotYet, (await point.JudgeAsync(step, CancellationToken.None)).Kind);
    }

    [Fact]
    public async Task A_record_that_appears_in_between_is_not_overwritten()
    {
        await using var zone = await ShopZone.StartAsync(NameServerKind.Knot, records: "");
        await using var relay = new DnsRelay(zone.Primary.EndPoint);
        relay.OnRequest = async request =>
        {
            if (DnsRelay.IsUpdate(request))
            {
                await WriteAsync(zone, null, "203.0.113.9");
            }

            return request;
        };
        var step = zone.Step(RunKind.Failover, "east", "west", ("servers", Only(relay)));
        await Assert.ThrowsAsync<DriverException>(() => ShopZone.Driver().Actions["point"].ActAsync(step, CancellationToken.None));
        Assert.Equal("203.0.113.9", await ShopZone.AskAsync(zone.Primary.EndPoint, "orders", "A"));
    }

    [Theory]
    [InlineData(NameServerKind.Knot)]
    [InlineData(NameServerKind.Bind)]
    public async Task Of_many_writers_who_saw_the_same_one_wins(NameServerKind kind)
    {
        await using var zone = await ShopZone.StartAsync(kind);
        var addresses = Enumerable.Range(1, 12).Select(i => $"203.0.113.{i}").ToList();
        var codes = await Task.WhenAll(addresses.Select(a => WriteAsync(zone, ShopZone.East, a)));

        // One was written, as the serial number shows; nobody else was told that theirs was.
        Assert.Equal("2", await ShopZone.SerialAsync(zone.Primary.EndPoint));
        var stands = await ShopZone.AskAsync(zone.Primary.EndPoint, "orders", "A");
        Assert.Contains(stands, addresses);
        Assert.All(addresses.Zip(codes), w => Assert.True(w.Second is Rcode.NoSuchSet || w.First == stands, $"{w.First}: {w.Second}"));
    }

    [Fact]
    public async Task The_same_thing_it_counts_as_done()
    {
        await using var zone = await ShopZone.StartAsync(NameServerKind.Knot);
        await using var relay = new DnsRelay(zone.Primary.EndPoint);
        relay.OnRequest = async request =>
        {
            if (DnsRelay.IsUpdate(request))
            {
                await WriteAsync(zone, ShopZone.East, ShopZone.West);
            }

            return request;
        };
        var step = zone.Step(RunKind.Failover, "east", "west", ("servers", Only(relay)));
        var done = await ShopZone.Driver().Actions["point"].ActAsync(step, CancellationToken.None);
        Assert.Contains("pointed there in the meantime", done, StringComparison.Ordinal);
    }

    internal static IReadOnlyList<string> Only(DnsRelay relay) => [relay.EndPoint.ToString()];

    private static async Task<Rcode> WriteAsync(ShopZone zone, string? expected, string address)
    {
        var key = new TsigKey(DnsName.Parse(ShopZone.Key.Name), TsigAlgorithm.Named("hmac-sha256"), Convert.FromBase64String(ShopZone.Key.Secret));
        var exchange = new DnsExchange(TimeProvider.System, RandomNumberGenerator.Create());
        var update = new ZoneUpdate(Zone)
            .RequireExactly(Orders, RecordType.A, expected is null ? [] : [IPAddress.Parse(expected)])
            .Replace(Orders, 1, IPAddress.Parse(address));
        return (await exchange.UpdateAsync(zone.Primary.EndPoint, update, key, CancellationToken.None)).Rcode;
    }
}
