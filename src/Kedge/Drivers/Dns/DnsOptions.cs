using Kedge.Drivers.Dns.Wire;
using Kedge.Plan.Contracts;

namespace Kedge.Drivers.Dns;

/// <summary>The keys that the driver takes in the plan.</summary>
internal static class DnsOptions
{
    public const string Zone = "zone";
    public const string Name = "name";
    public const string Type = "type";
    public const string Ttl = "ttl";
    public const string Address = "address";
    public const string Servers = "servers";
    public const string ServerSites = "server-sites";
    public const string UpdateServer = "update-server";
    public const string KeyName = "key-name";
    public const string Key = "key";
    public const string KeyAlgorithm = "key-algorithm";

    public static IReadOnlyList<OptionSpec> All { get; } =
    [
        new()
        {
            Name = Zone,
            Type = OptionType.Text,
            Required = true,
            Help = "The zone that holds the record, as the name servers know it.",
            Example = "shop.example",
        },
        new()
        {
            Name = Name,
            Type = OptionType.Text,
            Required = true,
            Help = "The record's name within the zone; @ for the zone's own name. With a last dot it is the whole name.",
            Example = "orders",
        },
        new()
        {
            Name = Type,
            Type = OptionType.Choice,
            Choices = [nameof(RecordType.A), nameof(RecordType.AAAA)],
            Help = "The record's type; the one that fits the address unless set. A name with both types takes two components.",
        },
        new()
        {
            Name = Ttl,
            Type = OptionType.Duration,
            Required = true,
            Help = "Time to live: how long resolvers may go on giving out the old address. Whole seconds, at least 1s.",
            Example = "30s",
        },
        new()
        {
            Name = Address,
            Type = OptionType.Text,
            Required = true,
            Help = "Address that the name gets when the service runs at this site: IPv4 or IPv6. Given for each site.",
            Example = "192.0.2.11",
        },
        new()
        {
            Name = Servers,
            Type = OptionType.List,
            Required = true,
            Help = "Addresses of the zone's authoritative servers, each with a port where that is not 53. A switch counts as done when each of them (but those at a lost site) answers with the new address.",
            Example = "[192.0.2.53, 198.51.100.53, \"[2001:db8::53]:5353\"]",
        },
        new()
        {
            Name = ServerSites,
            Type = OptionType.Map,
            Help = "The site at which a name server stands, by its address as in servers. Servers at a lost site are not asked in a failover. Leave out those that stand elsewhere.",
            Example = "{ 192.0.2.53: east }",
        },
        new()
        {
            Name = UpdateServer,
            Type = OptionType.Text,
            Help = "Address of the server that takes the update: the zone's primary, or one that forwards to it. The first of servers that does not stand at the lost site unless set; may differ by site.",
            Example = "192.0.2.53",
        },
        new()
        {
            Name = KeyName,
            Type = OptionType.Text,
            Required = true,
            Help = "Name of the TSIG key, as the name server knows it.",
            Example = "kedge",
        },
        new()
        {
            Name = Key,
            Type = OptionType.Secret,
            Required = true,
            Help = "Where the TSIG key's secret is; the secret itself in base64.",
            Example = "file:/etc/kedge/dns.key",
        },
        new()
        {
            Name = KeyAlgorithm,
            Type = OptionType.Choice,
            Choices = [.. TsigAlgorithm.All.Select(a => a.ToString())],
            Default = "hmac-sha256",
            Help = "The TSIG key's algorithm.",
        },
    ];
}
