using Kedge.Plan.Contracts;

namespace Kedge.Drivers.Http;

/// <summary>Asks over HTTP: an end-to-end check of a service, and a call as a step of the plan's own. It moves no component.</summary>
public sealed class HttpDriver : IDriver, IChecker
{
    private readonly HttpExchange exchange;

    public HttpDriver(DriverServices services)
    {
        ArgumentNullException.ThrowIfNull(services);
        exchange = new HttpExchange(services.Secrets);
        Actions = new Dictionary<string, IDriverAction>
        {
            [CallAction.Offered.Name] = new CallAction(services.Time, exchange, services.Secrets),
        };
    }

    public DriverContract Contract { get; } = new()
    {
        Kind = "http",
        Summary = "A request over HTTP: to check a service, or as a step of the plan's own.",
        Options = [],
        Actions = [CallAction.Offered],
        Checks = HttpOptions.Check,
        Custom = HttpOptions.Call,
        ReviewUse = HttpReview.Of,
    };

    public IReadOnlyDictionary<string, IDriverAction> Actions { get; }

    public async Task<CheckResult> CheckAsync(OptionValues options, CancellationToken cancellation)
    {
        var answer = await exchange.SendAsync(HttpSettings.Of(options), cancellation);
        return new(answer.Ok, answer.What);
    }

    /// <summary>There is nothing to see: no component is of this kind.</summary>
    public Task<InstanceObservation> ObserveAsync(InstanceContext instance, CancellationToken cancellation) =>
        Task.FromResult(new InstanceObservation
        {
            State = InstanceState.Unknown,
            Summary = "the http driver moves no component; use it in checks and steps",
        });

    public string? GuardFolder(InstanceContext instance) => null;
}
