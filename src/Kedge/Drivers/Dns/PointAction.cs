using System.Net;
using Kedge.Drivers.Dns.Wire;
using Kedge.Plan.Contracts;
using Kedge.Plan.Model;

namespace Kedge.Drivers.Dns;

/// <summary>
/// Points the name at the instance's address. The update holds only if the record is still what was seen just before,
/// so that of two writers who saw the same one wins and the other is told.
/// </summary>
internal sealed class PointAction(DnsExchange exchange, NameServers servers, TsigKeys keys, PointPreflight preflight) : IDriverAction
{
    public static ActionContract Offered { get; } = new()
    {
        Name = "point",
        Role = ActionRole.Switch,
        Kinds = [RunKind.Switchover, RunKind.Failover, RunKind.Failback, RunKind.Rollback],
        Title = "Point {component} at {site}",
        Why = "Customers follow the name, so it moves once the service works where it leads.",
        SafeToRepeat = true,
        Estimate = TimeSpan.FromMilliseconds(200),
        Timeout = TimeSpan.FromSeconds(30),
        SettlesAfter = DnsOptions.Ttl,
    };

    public async Task<Judgement> JudgeAsync(StepContext step, CancellationToken cancellation)
    {
        var (settings, lost) = Read(step);
        var answers = await servers.AskAsync(settings, settings.ServersWithout(lost), cancellation);
        var wanted = (uint)settings.Ttl.TotalSeconds;

        // A longer time to live than the plan's would keep the next switch waiting, so writing it is part of the effect.
        // Verification does not insist: there are servers that raise it.
        return Blocked(settings, answers)
            ?? (answers.FirstOrDefault(a => a.PointsAt(settings.Address) && a.Ttl > wanted) is { } slow
                ? Judgement.NotYet($"{slow}; the plan has {Durations.Show(settings.Ttl)}")
                : await JudgeAddressesAsync(settings, answers, cancellation));
    }

    public async Task<string> ActAsync(StepContext step, CancellationToken cancellation)
    {
        var (settings, lost) = Read(step);
        var server = UpdateServer(settings, lost);
        var seen = await servers.AskAsync(settings, server, cancellation);
        if (!seen.IsKnown)
        {
            throw new DriverException($"cannot point {settings.Name} at {settings.Address}: {seen}", seen.Hint);
        }

        var ttl = (uint)settings.Ttl.TotalSeconds;
        if (seen.PointsAt(settings.Address) && seen.Ttl == ttl)
        {
            return $"{settings.Name} was there already: {seen}";
        }

        var rcode = await WriteAsync(settings, server, seen.Addresses, cancellation);
        if (rcode is not (Rcode.NoSuchSet or Rcode.SetExists))
        {
            return Written(settings, seen, rcode);
        }

        var now = await servers.AskAsync(settings, server, cancellation);
        if (now.PointsAt(settings.Address))
        {
            // The answer to our own update may have been lost on its way, so that its repetition met our own writing.
            return $"{settings.Name} was pointed there in the meantime: {now}";
        }

        // A wildcard shows addresses for a name that has no record of its own; any real change fails here again.
        return rcode is Rcode.NoSuchSet && now.Addresses.SequenceEqual(seen.Addresses)
            ? Written(settings, seen, await WriteAsync(settings, server, [], cancellation))
            : throw Forestalled(settings, seen, now);
    }

    public async Task<Judgement> VerifyAsync(StepContext step, CancellationToken cancellation)
    {
        var (settings, lost) = Read(step);
        var answers = await servers.AskAsync(settings, settings.ServersWithout(lost), cancellation);
        return Blocked(settings, answers) ?? await JudgeAddressesAsync(settings, answers, cancellation);
    }

    public async Task<IReadOnlyList<PreflightFinding>> PreflightAsync(StepContext step, CancellationToken cancellation)
    {
        var (settings, lost) = Read(step);
        return await preflight.LookAsync(settings, lost, cancellation);
    }

    private static (DnsSettings Settings, SiteName? Lost) Read(StepContext step) => (DnsSettings.Of(step.Options), step.Lost);

    private static IPEndPoint UpdateServer(DnsSettings settings, SiteName? lost) =>
        settings.UpdateServerWithout(lost) ?? throw new DriverException(
            $"cannot point {settings.Name} at {settings.Address}: every name server stands at {lost}, which is lost",
            $"run an authoritative server of {settings.Zone} at another site and list it; until then tell customers another way");

    private async Task<Rcode> WriteAsync(
        DnsSettings settings, IPEndPoint server, IReadOnlyList<IPAddress> expected, CancellationToken cancellation)
    {
        var update = new ZoneUpdate(settings.Zone)
            .RequireExactly(settings.Name, settings.Type, expected)
            .Replace(settings.Name, (uint)settings.Ttl.TotalSeconds, settings.Address);
        try
        {
            return (await exchange.UpdateAsync(server, update, keys.Read(settings), cancellation)).Rcode;
        }
        catch (DnsExchangeException error)
        {
            throw new DriverException(
                $"cannot point {settings.Name} at {settings.Address}: {error.Message}", error.Hint, error.MaybeReceived, error);
        }
    }

    private static string Written(DnsSettings settings, RecordAnswer seen, Rcode rcode) => rcode switch
    {
        Rcode.NoError =>
            $"{seen.Server} has pointed {settings.Name} at {settings.Address} (time to live {Durations.Show(settings.Ttl)}); before, it {seen.Says}",
        Rcode.NoSuchSet or Rcode.SetExists => throw Forestalled(settings, seen, seen),
        _ => throw new DriverException(
            $"{seen.Server} answers {RcodeText.Name(rcode)} to the update of {settings.Name}", RcodeText.Hint(rcode, settings.Zone)),
    };

    private static DriverException Forestalled(DnsSettings settings, RecordAnswer seen, RecordAnswer now) => new(
        $"somebody else changed {settings.Name} meanwhile: {seen}, and now it {now.Says}",
        "nothing was written; the step looks again before it tries again. If this repeats, find out who else updates the name");

    private static Judgement? Blocked(DnsSettings settings, IReadOnlyList<RecordAnswer> answers)
    {
        if (answers.Count == 0)
        {
            return Judgement.Impossible(
                $"no name server of {settings.Zone} is left: each stands at the lost site",
                $"run an authoritative server of {settings.Zone} at another site and list it");
        }

        return answers.FirstOrDefault(a => a.Kind is AnswerKind.Alias) is { } alias
            ? Judgement.Impossible(alias.ToString(), alias.Hint!)
            : null;
    }

    private async Task<Judgement> JudgeAddressesAsync(
        DnsSettings settings, IReadOnlyList<RecordAnswer> answers, CancellationToken cancellation)
    {
        var wrong = answers.Where(a => !a.PointsAt(settings.Address)).ToList();
        if (wrong.Count > 0)
        {
            var hint = wrong.Select(a => a.Hint).FirstOrDefault(h => h is not null)
                ?? (wrong.Count < answers.Count
                    ? $"see that {wrong[0].Server} is told of changes (NOTIFY) and may transfer zone {settings.Zone}"
                    : null);
            return new(JudgementKind.NotYet, string.Join("; ", wrong), hint);
        }

        var zones = await Task.WhenAll(answers.Select(a => servers.AskZoneAsync(settings, a.Server, cancellation)));
        var seen = answers.Zip(zones, (a, soa) => soa is null ? $"{a.Server}" : $"{a.Server} (serial {soa.Serial})");
        return Judgement.Done($"{settings.Name} leads to {settings.Address} at {string.Join(", ", seen)}");
    }
}
