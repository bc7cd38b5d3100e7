using System.Security.Cryptography;
using Kedge.Plan.Contracts;

namespace Kedge.Drivers.Dns;

/// <summary>
/// A record in a zone whose servers take dynamic updates (RFC 2136) signed with a shared secret (RFC 8945). The
/// component is listed under each site with the address that the name gets there.
/// </summary>
public sealed class DnsDriver : IDriver
{
    private readonly NameServers servers;

    public DnsDriver(DriverServices services)
    {
        ArgumentNullException.ThrowIfNull(services);
        var exchange = new DnsExchange(services.Time, RandomNumberGenerator.Create());
        var keys = new TsigKeys(services.Secrets);
        servers = new NameServers(exchange);
        Actions = new Dictionary<string, IDriverAction>
        {
            [PointAction.Offered.Name] = new PointAction(exchange, servers, keys, new PointPreflight(exchange, servers, keys)),
        };
    }

    public DriverContract Contract { get; } = new()
    {
        Kind = "dns",
        Summary = "An address record in a DNS zone, pointed at the active site by dynamic update (RFC 2136) with TSIG.",
        Shared = true,
        Options = DnsOptions.All,
        Actions = [PointAction.Offered],
        Review = DnsReview.Of,
    };

    public IReadOnlyDictionary<string, IDriverAction> Actions { get; }

    /// <summary>Running: the name leads here. Stopped: it leads elsewhere. Failing: the servers do not agree, or have no such record.</summary>
    public async Task<InstanceObservation> ObserveAsync(InstanceContext instance, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(instance);
        var settings = DnsSettings.Of(instance.Options);
        var answers = await servers.AskInTimeAsync(settings, settings.Servers, cancellation);
        var given = answers.Where(a => a.Kind is not AnswerKind.NoAnswer).ToList();
        return new()
        {
            State = StateOf(settings, given),
            Summary = string.Join("; ", answers),
            Reachable = given.Count > 0,
            Facts = await FactsAsync(settings, answers, cancellation),
        };
    }

    public string? GuardFolder(InstanceContext instance) => null;

    private static InstanceState StateOf(DnsSettings settings, List<RecordAnswer> given) => given switch
    {
        [] => InstanceState.Unknown,
        _ when given.All(a => a.PointsAt(settings.Address)) => InstanceState.Running,
        _ when given.All(a => a.Kind is AnswerKind.Addresses && !a.Addresses.Contains(settings.Address)) => InstanceState.Stopped,
        _ => InstanceState.Failing,
    };

    /// <summary>The zone's set-up as its first listed server that answers has it; where the name leads is no fact, a run may change that.</summary>
    private async Task<IReadOnlyDictionary<string, string>> FactsAsync(
        DnsSettings settings, IReadOnlyList<RecordAnswer> answers, CancellationToken cancellation)
    {
        if (answers.FirstOrDefault(a => a.Kind is AnswerKind.Addresses) is not { } first)
        {
            return new Dictionary<string, string>();
        }

        try
        {
            var zone = servers.AskZoneAsync(settings, first.Server, cancellation);
            var names = await servers.AskNameServersAsync(settings, first.Server, cancellation);
            return await zone is { } soa && names.Count > 0
                ? new Dictionary<string, string>
                {
                    ["record time to live"] = Durations.Show(TimeSpan.FromSeconds(first.Ttl)),
                    ["zone primary"] = soa.Primary.ToString(),
                    ["zone servers"] = string.Join(' ', names),
                }
                : new Dictionary<string, string>();
        }
        catch (OperationCanceledException)
        {
            // Another server used up the time: facts that were not read are left out, as for a server that is down.
            return new Dictionary<string, string>();
        }
    }
}
