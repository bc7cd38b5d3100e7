using System.Net;
using Kedge.Drivers.Dns.Wire;
using Kedge.Plan.Contracts;
using Kedge.Plan.Model;

namespace Kedge.Drivers.Dns;

/// <summary>What would fail if the name were to be pointed elsewhere now, as seen from here.</summary>
internal sealed class PointPreflight(DnsExchange exchange, NameServers servers, TsigKeys keys)
{
    public async Task<IReadOnlyList<PreflightFinding>> LookAsync(DnsSettings settings, SiteName? lost, CancellationToken cancellation)
    {
        var asked = settings.ServersWithout(lost);
        if (settings.UpdateServerWithout(lost) is not { } updateServer)
        {
            return
            [
                new(
                    false,
                    $"every name server of {settings.Zone} stands at {lost}: none is left to point {settings.Name} elsewhere",
                    "run an authoritative server at another site, and list it"),
            ];
        }

        var answers = servers.AskAsync(settings, asked, cancellation);
        var update = TryUpdateAsync(settings, updateServer, lost, cancellation);
        var listed = AreListedAsync(settings, updateServer, cancellation);
        return [.. (await answers).Select(a => Judge(settings, a)), await update, .. await listed];
    }

    private static PreflightFinding Judge(DnsSettings settings, RecordAnswer answer)
    {
        if (answer.Kind is AnswerKind.Addresses && answer.Ttl != (uint)settings.Ttl.TotalSeconds)
        {
            return new(
                false,
                $"{answer} for {settings.Name}, where the plan has a time to live of {Durations.Show(settings.Ttl)}",
                $"set the record's time to live to {Durations.Show(settings.Ttl)} at the server, or the plan's ttl to what it is there: it counts into the RTO");
        }

        return answer.Hint is null
            ? new(true, $"{answer}, asked for {settings.Name} in zone {settings.Zone}", null)
            : new(false, answer.ToString(), answer.Hint);
    }

    /// <summary>
    /// An update of prerequisites alone is signed, checked and allowed, or not, as any other, and changes nothing.
    /// </summary>
    private async Task<PreflightFinding> TryUpdateAsync(
        DnsSettings settings, IPEndPoint server, SiteName? lost, CancellationToken cancellation)
    {
        if (lost is not null && settings.SiteOf(server) == lost)
        {
            return new(
                false,
                $"the server that takes the update, {server}, stands at {lost}, which would be lost",
                "give an update-server for the recovery site under its at: key, or leave update-server out");
        }

        try
        {
            var key = keys.Read(settings);
            var probe = new ZoneUpdate(settings.Zone).RequireExists(settings.Zone, RecordType.SOA);
            var answer = await exchange.UpdateAsync(server, probe, key, cancellation);
            return answer.Rcode is Rcode.NoError
                ? new(true, $"{server} takes updates of {settings.Zone} signed with {key}", null)
                : new(
                    false,
                    $"{server} answers {RcodeText.Name(answer.Rcode)} to an update of {settings.Zone} signed with {key}",
                    RcodeText.Hint(answer.Rcode, settings.Zone));
        }
        catch (DnsExchangeException error)
        {
            return new(false, error.Message, error.Hint);
        }
        catch (DriverException error)
        {
            return new(false, error.Message, error.Hint);
        }
    }

    /// <summary>Whether each server that the zone itself names is one that a switch would be verified at.</summary>
    private async Task<IReadOnlyList<PreflightFinding>> AreListedAsync(
        DnsSettings settings, IPEndPoint server, CancellationToken cancellation)
    {
        var names = await servers.AskNameServersAsync(settings, server, cancellation);
        return await Task.WhenAll(names.Select(n => IsListedAsync(settings, server, n, cancellation)));
    }

    private async Task<PreflightFinding> IsListedAsync(
        DnsSettings settings, IPEndPoint server, DnsName name, CancellationToken cancellation)
    {
        if (!name.IsWithin(settings.Zone))
        {
            return new(true, $"{name} serves {settings.Zone} too; its address is kept in another zone, so see by hand that it is among the servers", null);
        }

        var addresses = await servers.AskAddressesAsync(server, name, cancellation);
        var missing = addresses.Where(a => !settings.Servers.Any(s => s.Address.Equals(a))).ToList();
        return missing.Count == 0
            ? new(true, $"{name} serves {settings.Zone} and is among the servers", null)
            : new(
                false,
                $"{name} serves {settings.Zone} at {string.Join(", ", missing)}, which is not among the servers: nobody would see whether it gives out the old address",
                "add it to servers");
    }
}
