using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using Kedge.Drivers.Dns.Wire;
using Kedge.Plan.Contracts;
using Kedge.Plan.Model;

namespace Kedge.Drivers.Dns;

/// <summary>An instance's options, read. <see cref="Of"/> expects what <see cref="DnsReview"/> lets through.</summary>
internal sealed record DnsSettings
{
    public const int DefaultPort = 53;

    public required DnsName Zone { get; init; }

    /// <summary>The record's whole name.</summary>
    public required DnsName Name { get; init; }

    /// <summary>Where the name points when the service runs at the instance's site.</summary>
    public required IPAddress Address { get; init; }

    public required TimeSpan Ttl { get; init; }

    public required IReadOnlyList<IPEndPoint> Servers { get; init; }

    /// <summary>Site of each server that stands at one of the service's sites.</summary>
    public required IReadOnlyDictionary<IPEndPoint, SiteName> Sites { get; init; }

    /// <summary>Null where the plan leaves the choice.</summary>
    public required IPEndPoint? UpdateServer { get; init; }

    public required DnsName KeyName { get; init; }

    public required TsigAlgorithm KeyAlgorithm { get; init; }

    public required SecretReference Key { get; init; }

    public RecordType Type => ZoneUpdate.TypeOf(Address);

    public static DnsSettings Of(OptionValues options)
    {
        var zone = DnsName.Parse(options.Text(DnsOptions.Zone));
        return new()
        {
            Zone = zone,
            Name = DnsName.Parse(WholeName(options.Text(DnsOptions.Name), options.Text(DnsOptions.Zone))),
            Address = IPAddress.Parse(options.Text(DnsOptions.Address)),
            Ttl = options.Duration(DnsOptions.Ttl),
            Servers = [.. options.List(DnsOptions.Servers).Select(ParseServer)],
            Sites = options.Map(DnsOptions.ServerSites).ToDictionary(e => ParseServer(e.Key), e => new SiteName(e.Value)),
            UpdateServer = options.TextOrNull(DnsOptions.UpdateServer) is { } server ? ParseServer(server) : null,
            KeyName = DnsName.Parse(options.Text(DnsOptions.KeyName)),
            KeyAlgorithm = TsigAlgorithm.Named(options.Text(DnsOptions.KeyAlgorithm)),
            Key = options.Secret(DnsOptions.Key),
        };
    }

    /// <summary>The servers that must show the new address when <paramref name="lost"/> is lost; all of them where nothing is.</summary>
    public IReadOnlyList<IPEndPoint> ServersWithout(SiteName? lost) =>
        [.. Servers.Where(s => lost is null || SiteOf(s) != lost)];

    /// <summary>Who takes the update; null where every server stands at the lost site.</summary>
    public IPEndPoint? UpdateServerWithout(SiteName? lost) => UpdateServer ?? (ServersWithout(lost) is [var first, ..] ? first : null);

    public SiteName? SiteOf(IPEndPoint server) => Sites.TryGetValue(server, out var site) ? site : null;

    /// <summary>A record's name as the plan has it, made whole.</summary>
    public static string WholeName(string name, string zone) => name switch
    {
        "@" => zone,
        _ when name.EndsWith('.') => name,
        _ => zone == "." ? name : $"{name}.{zone}",
    };

    /// <summary>An address with or without a port; no names, because the name servers are what gives those.</summary>
    public static bool TryParseServer(string text, [NotNullWhen(true)] out IPEndPoint? server)
    {
        server = IPEndPoint.TryParse(text, out var parsed)
            && (parsed.AddressFamily is AddressFamily.InterNetworkV6 || text.Count(c => c == '.') == 3)
                ? new(parsed.Address, parsed.Port == 0 ? DefaultPort : parsed.Port)
                : null;
        return server is not null;
    }

    private static IPEndPoint ParseServer(string text) =>
        TryParseServer(text, out var server) ? server : throw new FormatException($"'{text}' is no server address");
}
