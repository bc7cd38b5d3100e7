using System.Net;
using Kedge.Drivers.Dns.Wire;
using Kedge.Plan.Contracts;
using Kedge.Plan.Model;

namespace Kedge.Drivers.Dns;

/// <summary>What a careful reader would remark on a DNS component of a plan.</summary>
internal static class DnsReview
{
    private const string ServerForm = "write 192.0.2.53, 192.0.2.53:5353 or [2001:db8::53]:5353; names are not looked up here";

    // RFC 2181, section 8.
    private static readonly TimeSpan LongestTtl = TimeSpan.FromSeconds(int.MaxValue);

    /// <summary>What holds for every site alike is said once, for the component.</summary>
    public static IEnumerable<OptionFinding> Of(Component component) => component.Instances
        .SelectMany(i => OfInstance(component, i))
        .GroupBy(f => f with { Site = null })
        .SelectMany(g => g.Count() == component.Instances.Count ? [g.Key] : g.AsEnumerable())
        .Concat(Families(component));

    private static IEnumerable<OptionFinding> OfInstance(Component component, Instance instance)
    {
        var options = instance.Options;
        OptionFinding Error(string option, string code, string what, string fix) =>
            new(instance.Id.Site, option, IsError: true, code, what, fix);

        foreach (var option in new[] { DnsOptions.Zone, DnsOptions.KeyName })
        {
            if (options.TextOrNull(option) is { } text && !DnsName.TryParse(text, out _, out var problem))
            {
                yield return Error(option, "name", $"'{text}' is no domain name: {problem}", "write it as the name server's configuration has it");
            }
        }

        foreach (var finding in OfName(options, Error).Concat(OfAddress(options, Error)))
        {
            yield return finding;
        }

        if (options.Has(DnsOptions.Ttl) && options.Duration(DnsOptions.Ttl) is var ttl
            && (ttl < TimeSpan.FromSeconds(1) || ttl > LongestTtl || ttl.Ticks % TimeSpan.TicksPerSecond != 0))
        {
            yield return Error(
                DnsOptions.Ttl, "ttl", $"a time to live of {Durations.Show(ttl)} cannot be had: DNS counts whole seconds, from 1 to {int.MaxValue}", "write 1s or more, in whole seconds");
        }

        foreach (var finding in OfServers(component, instance, Error))
        {
            yield return finding;
        }
    }

    private static IEnumerable<OptionFinding> OfName(OptionValues options, Func<string, string, string, string, OptionFinding> error)
    {
        if (options.TextOrNull(DnsOptions.Name) is not { } name || options.TextOrNull(DnsOptions.Zone) is not { } zoneText
            || !DnsName.TryParse(zoneText, out var zone, out _))
        {
            yield break;
        }

        if (!DnsName.TryParse(DnsSettings.WholeName(name, zoneText), out var whole, out var problem))
        {
            yield return error(DnsOptions.Name, "name", $"'{name}' is no name within {zone}: {problem}", "write the part before the zone's name, or @");
        }
        else if (!whole.IsWithin(zone))
        {
            yield return error(DnsOptions.Name, "name-zone", $"'{name}' is not in zone {zone}", "leave out the last dot, or give the zone that holds the name");
        }
        else if (!name.EndsWith('.') && zone != DnsName.Root && DnsName.TryParse(name, out var alone, out _) && alone.IsWithin(zone))
        {
            yield return error(
                DnsOptions.Name,
                "name-doubled",
                $"'{name}' ends with the zone's name already: as it stands it means {whole}",
                alone == zone ? "write @" : $"write the part before {zone}, or '{alone}.' with a last dot");
        }
    }

    private static IEnumerable<OptionFinding> OfAddress(OptionValues options, Func<string, string, string, string, OptionFinding> error)
    {
        if (options.TextOrNull(DnsOptions.Address) is not { } text)
        {
            yield break;
        }

        if (!IPAddress.TryParse(text, out var address) || (!text.Contains(':') && text.Count(c => c == '.') != 3))
        {
            yield return error(DnsOptions.Address, "address", $"'{text}' is no address", "write an IPv4 or IPv6 address");
        }
        else if (options.TextOrNull(DnsOptions.Type) is { } type && type != ZoneUpdate.TypeOf(address).ToString())
        {
            yield return error(
                DnsOptions.Type, "type", $"an {type} record cannot hold {address}", $"leave the type out, or give an {(type == "A" ? "IPv4" : "IPv6")} address");
        }
    }

    private static IEnumerable<OptionFinding> OfServers(
        Component component, Instance instance, Func<string, string, string, string, OptionFinding> error)
    {
        var options = instance.Options;
        var servers = new List<IPEndPoint>();
        foreach (var text in options.List(DnsOptions.Servers))
        {
            if (!DnsSettings.TryParseServer(text, out var server))
            {
                yield return error(DnsOptions.Servers, "server", $"'{text}' is no address of a server", ServerForm);
                continue;
            }

            if (servers.Contains(server))
            {
                yield return error(DnsOptions.Servers, "server-twice", $"{server} is listed twice", "list each server once");
            }

            servers.Add(server);
        }

        if (options.Has(DnsOptions.Servers) && options.List(DnsOptions.Servers).Count == 0)
        {
            yield return error(DnsOptions.Servers, "servers-none", "no name server is listed, so nobody could be told or asked", "list the zone's authoritative servers");
        }

        var updateServer = default(IPEndPoint);
        if (options.TextOrNull(DnsOptions.UpdateServer) is { } updateText && !DnsSettings.TryParseServer(updateText, out updateServer))
        {
            yield return error(DnsOptions.UpdateServer, "server", $"'{updateText}' is no address of a server", ServerForm);
        }

        var sites = new Dictionary<IPEndPoint, SiteName>();
        foreach (var (text, site) in options.Map(DnsOptions.ServerSites).OrderBy(e => e.Key, StringComparer.Ordinal))
        {
            if (!DnsSettings.TryParseServer(text, out var server) || (!servers.Contains(server) && !server.Equals(updateServer)))
            {
                yield return error(DnsOptions.ServerSites, "server-unknown", $"'{text}' is none of the servers", "write it as in servers");
            }
            else if (component.At(new SiteName(site)) is null)
            {
                yield return error(
                    DnsOptions.ServerSites,
                    "server-site",
                    $"the record has no address at site '{site}', so the service is never lost there",
                    "name one of the component's sites; leave out servers that stand elsewhere");
            }
            else if (!sites.TryAdd(server, new SiteName(site)))
            {
                yield return error(DnsOptions.ServerSites, "server-twice", $"{server} is given two sites", "give each server one site");
            }
        }

        foreach (var finding in OfLostServers(component, instance, servers, updateServer, sites))
        {
            yield return finding;
        }
    }

    private static IEnumerable<OptionFinding> OfLostServers(
        Component component, Instance instance, List<IPEndPoint> servers, IPEndPoint? updateServer, Dictionary<IPEndPoint, SiteName> sites)
    {
        foreach (var other in component.Instances.Select(i => i.Id.Site).Where(s => s != instance.Id.Site))
        {
            bool StandsThere(IPEndPoint server) => sites.TryGetValue(server, out var site) && site == other;
            if (servers.Count > 0 && servers.All(StandsThere))
            {
                yield return new(
                    instance.Id.Site,
                    DnsOptions.Servers,
                    IsError: true,
                    "servers-lost",
                    $"every name server stands at {other}: when {other} is lost, none is left that could point the name elsewhere",
                    "run an authoritative server at another site, and list it");
            }
            else if (updateServer is not null && StandsThere(updateServer))
            {
                yield return new(
                    instance.Id.Site,
                    DnsOptions.UpdateServer,
                    IsError: false,
                    "update-server-lost",
                    $"the server that takes the update, {updateServer}, stands at {other}: when {other} is lost, the name cannot be pointed at {instance.Id.Site}",
                    $"give another update-server under at.{instance.Id.Site}, or leave it out");
            }
        }
    }

    private static IEnumerable<OptionFinding> Families(Component component)
    {
        var families = component.Instances
            .Select(i => IPAddress.TryParse(i.Options.TextOrNull(DnsOptions.Address), out var a) ? a.AddressFamily : default)
            .Where(f => f != default)
            .Distinct();
        if (families.Count() > 1)
        {
            yield return new(
                null,
                DnsOptions.Address,
                IsError: true,
                "families",
                "the sites' addresses are partly IPv4 and partly IPv6, which are records of two types",
                "give addresses of one family; a name with both takes two components");
        }
    }
}
