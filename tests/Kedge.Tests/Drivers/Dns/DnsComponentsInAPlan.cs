using Kedge.Drivers.Dns;
using Kedge.Plan.Contracts;
using Kedge.Plan.Model;
using Kedge.Tests.Golden;
using Xunit;

namespace Kedge.Tests.Drivers.Dns;

public class DnsComponentsInAPlan
{
    private static readonly Dictionary<string, string> Good = new()
    {
        ["zone"] = "shop.example",
        ["name"] = "orders",
        ["ttl"] = "30s",
        ["servers"] = "192.0.2.53 198.51.100.53",
        ["key-name"] = "kedge",
        ["key"] = "env:DNS_KEY",
    };

    [Fact]
    public void A_sound_one_draws_no_remark() => Assert.Empty(Review());

    [Fact]
    public void Each_mistake_is_named_with_its_remedy()
    {
        (string Option, string Value)[][] mistakes =
        [
            [("zone", "shop..example")],
            [("key-name", "bücher")],
            [("name", "orders..x")],
            [("name", "orders.book.example.")],
            [("name", "orders.shop.example")],
            [("name", "shop.example")],
            [("address@east", "192.0.2.999")],
            [("address@east", "2130706433")],
            [("type", "AAAA")],
            [("address@east", "2001:db8::1")],
            [("ttl", "250ms")],
            [("ttl", "1500ms")],
            [("ttl", "36500d")],
            [("servers", "ns1.shop.example")],
            [("servers", "192.0.2.53 192.0.2.53:53")],
            [("server-sites", "192.0.2.54=east")],
            [("server-sites", "192.0.2.53=esat")],
            [("server-sites", "192.0.2.53=east 192.0.2.53:53=west")],
            [("server-sites", "192.0.2.53=east 198.51.100.53=east")],
            [("update-server", "primary")],
            [("update-server", "192.0.2.53"), ("server-sites", "192.0.2.53=east")],
        ];
        GoldenFile.Matches(
            string.Join("\n", mistakes.Select(m => $"{string.Join(", ", m.Select(c => $"{c.Option}: {c.Value}"))}\n{Show(Review(m))}")),
            "dns-remarks.txt");
    }

    [Fact]
    public void A_list_without_a_server_is_an_error()
    {
        var findings = DnsReview.Of(Component([], emptyServers: true));
        Assert.Equal("servers-none", Assert.Single(findings).Code);
    }

    [Fact]
    public void Update_servers_may_differ_by_site() =>
        Assert.Empty(Review(
            ("server-sites", "192.0.2.53=east 198.51.100.53=west"), ("update-server@east", "192.0.2.53"), ("update-server@west", "198.51.100.53")));

    [Theory]
    [InlineData("orders", "orders.shop.example")]
    [InlineData("a.b", "a.b.shop.example")]
    [InlineData("@", "shop.example")]
    [InlineData("orders.shop.example.", "orders.shop.example")]
    public void A_name_is_taken_within_its_zone(string name, string whole)
    {
        var component = Component([("name", name)]);
        Assert.Empty(DnsReview.Of(component));
        Assert.Equal(whole, DnsSettings.Of(component.Instances[0].Options).Name.ToString());
    }

    [Theory]
    [InlineData("192.0.2.53", "192.0.2.53:53")]
    [InlineData("192.0.2.53:5353", "192.0.2.53:5353")]
    [InlineData("2001:db8::53", "[2001:db8::53]:53")]
    [InlineData("[2001:db8::53]:5353", "[2001:db8::53]:5353")]
    public void A_server_is_an_address_with_or_without_a_port(string text, string place)
    {
        Assert.True(DnsSettings.TryParseServer(text, out var server));
        Assert.Equal(place, server.ToString());
    }

    [Fact]
    public void The_first_server_apart_from_the_lost_site_takes_the_update()
    {
        var settings = DnsSettings.Of(Component([("server-sites", "192.0.2.53=east 198.51.100.53=west")]).Instances[0].Options);
        Assert.Equal("192.0.2.53:53", settings.UpdateServerWithout(null)!.ToString());
        Assert.Equal("198.51.100.53:53", settings.UpdateServerWithout(new SiteName("east"))!.ToString());
        Assert.Equal("192.0.2.53:53", settings.UpdateServerWithout(new SiteName("west"))!.ToString());
    }

    private static IEnumerable<OptionFinding> Review(params (string Option, string Value)[] changes) => DnsReview.Of(Component(changes));

    private static Component Component((string Option, string Value)[] changes, bool emptyServers = false)
    {
        var id = new ComponentId(new("orders"), "address");
        Instance At(string site, string address)
        {
            var written = new Dictionary<string, string>(Good) { ["address"] = address };
            foreach (var (option, value) in changes.Where(c => !c.Option.Contains('@') || c.Option.EndsWith("@" + site, StringComparison.Ordinal)))
            {
                written[option.Split('@')[0]] = value;
            }

            var values = written.Select(w => (w.Key, emptyServers && w.Key == "servers" ? Array.Empty<string>() : (object)w.Value));
            return new(new(id, new SiteName(site)), PlanOptions.Of(DnsOptions.All, [.. values]));
        }

        return new()
        {
            Id = id,
            Title = "Orders address",
            Driver = "dns",
            Needs = [],
            Redundancy = 1,
            Instances = [At("east", "192.0.2.11"), At("west", "198.51.100.12")],
        };
    }

    private static string Show(IEnumerable<OptionFinding> findings) => string.Concat(findings.Select(f =>
        $"  {(f.IsError ? "error" : "warning")} {f.Code} at {f.Site?.Value ?? "all sites"}, {f.Option}: {f.What}\n    {f.Fix}\n"));
}
