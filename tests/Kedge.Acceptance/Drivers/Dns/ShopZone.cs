using System.Diagnostics;
using System.Globalization;
using System.Net;
using Kedge.Drivers;
using Kedge.Drivers.Dns;
using Kedge.Plan.Contracts;
using Kedge.Plan.Model;
using Xunit;

namespace Kedge.Acceptance.Drivers.Dns;

/// <summary>Zone shop.example on a primary and its secondaries; orders.shop.example leads to 192.0.2.11, the east site.</summary>
internal sealed class ShopZone : IAsyncDisposable
{
    public const string Zone = "shop.example";
    public const string East = "192.0.2.11";
    public const string West = "198.51.100.12";

    private const string Kdig = "/usr/bin/kdig";

    public static readonly SharedKey Key = new("kedge", "hmac-sha256", "a2VkZ2Utc2hhcmVkLXNlY3JldC1mb3ItdGVzdHMtMDE=");

    private ShopZone(INameServer primary, IReadOnlyList<INameServer> secondaries) =>
        (Primary, Secondaries) = (primary, secondaries);

    public INameServer Primary { get; }

    public IReadOnlyList<INameServer> Secondaries { get; }

    public IReadOnlyList<IPEndPoint> Servers => [Primary.EndPoint, .. Secondaries.Select(s => s.EndPoint)];

    public static async Task<ShopZone> StartAsync(
        NameServerKind kind, int secondaries = 0, string records = "orders 1 A 192.0.2.11", SharedKey? key = null)
    {
        var at = kind.NextPort();
        var others = Enumerable.Range(0, secondaries).Select(_ => kind.NextPort()).ToList();
        var zone = $"""
            $ORIGIN {Zone}.
            $TTL 3600
            @ SOA ns1 hostmaster 1 3600 600 86400 60
            @ NS ns1
            ns1 A {at.Address}
            {string.Join('\n', others.Select((o, i) => $"@ NS ns{i + 2}\nns{i + 2} A {o.Address}"))}
            {records}

            """;
        var started = new List<INameServer>();
        try
        {
            started.Add(await kind.StartAsync(new(at, Zone, zone, key ?? Key, null, others)));
            foreach (var other in others)
            {
                started.Add(await kind.StartAsync(new(other, Zone, null, key ?? Key, at, [])));
            }

            return new(started[0], started[1..]);
        }
        catch
        {
            foreach (var server in started)
            {
                await server.DisposeAsync();
            }

            throw;
        }
    }

    /// <summary>What a client that is not ours is told of a name in the zone: each record's data, sorted.</summary>
    public static async Task<string> AskAsync(IPEndPoint server, string name, string type) =>
        string.Join(' ', (await KdigAsync(server, $"{name}.{Zone}.", type, "+short")).Order(StringComparer.Ordinal));

    public static async Task<string> SerialAsync(IPEndPoint server) => (await KdigAsync(server, $"{Zone}.", "SOA", "+short"))[0].Split(' ')[2];

    /// <summary>Every record of the zone, serial number included, one a line.</summary>
    public static async Task<string> TransferAsync(IPEndPoint server)
    {
        var lines = await KdigAsync(server, $"{Zone}.", "AXFR", "-y", $"{Key.Algorithm}:{Key.Name}:{Key.Secret}");
        var records = lines.Where(l => l[0] != ';' && !l.Contains("TSIG", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(records);
        return string.Join('\n', records.Order(StringComparer.Ordinal));
    }

    public static DnsDriver Driver(TimeProvider? time = null, SharedKey? key = null) =>
        new(new FakeSecrets(("DNS_KEY", (key ?? Key).Secret)).Services(time ?? TimeProvider.System));

    /// <summary>The component as a plan would have it, with what a test says otherwise; null takes an option away.</summary>
    public Component Component(params (string Option, object? Value)[] changes)
    {
        var id = new ComponentId(new("orders"), "address");
        Instance At(string site, string address)
        {
            var values = new Dictionary<string, object>
            {
                ["zone"] = Zone,
                ["name"] = "orders",
                ["ttl"] = TimeSpan.FromSeconds(1),
                ["servers"] = (IReadOnlyList<string>)[.. Servers.Select(s => s.ToString())],
                ["address"] = address,
                ["key-name"] = Key.Name,
                ["key"] = new SecretReference(SecretSource.Environment, "DNS_KEY"),
                ["key-algorithm"] = Key.Algorithm,
            };
            foreach (var (option, value) in changes.Where(c => !c.Option.Contains('@') || c.Option.EndsWith("@" + site, StringComparison.Ordinal)))
            {
                var name = option.Split('@')[0];
                values.Remove(name);
                if (value is not null)
                {
                    values[name] = value;
                }
            }

            return new(new(id, new SiteName(site)), new OptionValues(values));
        }

        return new()
        {
            Id = id,
            Title = "Orders address",
            Driver = "dns",
            Needs = [],
            Redundancy = 1,
            Instances = [At("east", East), At("west", West)],
        };
    }

    /// <summary>The step that points the record at the site <paramref name="to"/>.</summary>
    public StepContext Step(RunKind kind, string from, string to, params (string Option, object? Value)[] changes) =>
        StepOf(Component(changes), kind, from, to);

    public static StepContext StepOf(Component component, RunKind kind, string from, string to)
    {
        var instance = new InstanceContext(component, component.At(new SiteName(to))!);
        return new()
        {
            Instance = instance,
            Options = instance.Options,
            Kind = kind,
            Run = "run-1",
            From = new(from),
            To = new(to),
            Epoch = null,
            Lost = kind is RunKind.Failover ? new SiteName(from) : null,
            LossAccepted = false,
            Rpo = null,
            LastKnown = null,
            Outage = null,
        };
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in Secondaries.Prepend(Primary))
        {
            await server.DisposeAsync();
        }
    }

    private static async Task<string[]> KdigAsync(IPEndPoint server, string name, string type, params string[] more)
    {
        Assert.SkipUnless(File.Exists(Kdig), $"{Kdig} is not installed (Debian's package knot-dnsutils)");
        var start = new ProcessStartInfo(Kdig)
        {
            RedirectStandardOutput = true,
            ArgumentList = { $"@{server.Address}", "-p", server.Port.ToString(CultureInfo.InvariantCulture), name, type, "+norec", "+timeout=5" },
        };
        foreach (var argument in more)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = System.Diagnostics.Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
