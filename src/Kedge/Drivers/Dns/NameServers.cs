using System.Net;
using Kedge.Drivers.Dns.Wire;

namespace Kedge.Drivers.Dns;

/// <summary>Asks authoritative servers what they give out, several at once.</summary>
internal sealed class NameServers(DnsExchange exchange)
{
    /// <summary>What each server says of the record, in the order of <paramref name="servers"/>.</summary>
    public async Task<IReadOnlyList<RecordAnswer>> AskAsync(
        DnsSettings settings, IReadOnlyList<IPEndPoint> servers, CancellationToken cancellation) =>
        await Task.WhenAll(servers.Select(s => AskAsync(settings, s, cancellation)));

    /// <summary>As <see cref="AskAsync(DnsSettings, IReadOnlyList{IPEndPoint}, CancellationToken)"/>, but a server that has not answered when the token ends is one that does not answer.</summary>
    public async Task<IReadOnlyList<RecordAnswer>> AskInTimeAsync(
        DnsSettings settings, IReadOnlyList<IPEndPoint> servers, CancellationToken cancellation) =>
        await Task.WhenAll(servers.Select(async server =>
        {
            try
            {
                return await AskAsync(settings, server, cancellation);
            }
            catch (OperationCanceledException)
            {
                return RecordAnswer.Silent(server, "did not answer in the time given", "see whether the name server runs and works");
            }
        }));

    public async Task<RecordAnswer> AskAsync(DnsSettings settings, IPEndPoint server, CancellationToken cancellation)
    {
        try
        {
            var answer = await exchange.QueryAsync(server, settings.Name, settings.Type, key: null, cancellation);
            return RecordAnswer.Read(server, settings, answer);
        }
        catch (DnsExchangeException error)
        {
            return RecordAnswer.Silent(server, error.Says, error.Hint);
        }
    }

    /// <summary>The zone's own entry at a server: its serial number tells how far the server has got. Null where it cannot be had.</summary>
    public async Task<SoaData?> AskZoneAsync(DnsSettings settings, IPEndPoint server, CancellationToken cancellation)
    {
        try
        {
            var answer = await exchange.QueryAsync(server, settings.Zone, RecordType.SOA, key: null, cancellation);
            return answer.Authoritative
                ? answer.Answers.Where(r => r.Name == settings.Zone).Select(r => r.Data).OfType<SoaData>().FirstOrDefault()
                : null;
        }
        catch (DnsExchangeException)
        {
            // The caller reports what the same server says, or does not say, of the record.
            return null;
        }
    }

    /// <summary>Names of the zone's servers, sorted; empty where they cannot be had.</summary>
    public async Task<IReadOnlyList<DnsName>> AskNameServersAsync(
        DnsSettings settings, IPEndPoint server, CancellationToken cancellation)
    {
        try
        {
            var answer = await exchange.QueryAsync(server, settings.Zone, RecordType.NS, key: null, cancellation);
            return
            [
                .. answer.Answers.Where(r => r.Name == settings.Zone && r.Type is RecordType.NS)
                    .Select(r => r.Data).OfType<HostData>().Select(h => h.Host).OrderBy(h => h.ToString(), StringComparer.Ordinal),
            ];
        }
        catch (DnsExchangeException)
        {
            return [];
        }
    }

    /// <summary>Addresses of a name in the zone, of both types; empty where there are none or they cannot be had.</summary>
    public async Task<IReadOnlyList<IPAddress>> AskAddressesAsync(IPEndPoint server, DnsName name, CancellationToken cancellation)
    {
        try
        {
            var answers = await Task.WhenAll(
                exchange.QueryAsync(server, name, RecordType.A, key: null, cancellation),
                exchange.QueryAsync(server, name, RecordType.AAAA, key: null, cancellation));
            return [.. answers.SelectMany(a => a.Answers).Where(r => r.Name == name).Select(r => r.Data).OfType<AddressData>().Select(d => d.Address)];
        }
        catch (DnsExchangeException)
        {
            return [];
        }
    }
}
