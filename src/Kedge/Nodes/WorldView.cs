using Kedge.Drivers;
using Kedge.Plan.Model;
using Kedge.Recover.Run;

namespace Kedge.Nodes;

/// <summary>All instances of a plan as they are observed now.</summary>
public sealed record WorldView(IReadOnlyDictionary<InstanceId, InstanceObservation> Instances)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>Looks at all instances at once; whatever does not answer within three seconds is unknown.</summary>
    public static async Task<WorldView> ObserveAsync(KedgePlan plan, EngineWorld world, CancellationToken cancellation)
    {
        var looks =
            from service in plan.Services
            from component in service.Components
            from instance in component.Instances
            select ObserveAsync(new InstanceContext(component, instance), world, cancellation);
        return new((await Task.WhenAll(looks)).ToDictionary(l => l.Id, l => l.Seen));
    }

    /// <summary>
    /// What should not change by itself about a service's instances, by name; comparing two of these tells what made a
    /// verification stale.
    /// </summary>
    public IReadOnlyDictionary<string, string> FactsOf(ServiceName service) => Instances
        .Where(i => i.Key.Component.Service == service)
        .SelectMany(i => i.Value.Facts.Select(f => ($"{i.Key} {f.Key}", f.Value)))
        .ToDictionary(f => f.Item1, f => f.Value, StringComparer.Ordinal);

    /// <summary>Facts as one text, a line each, sorted: what a verification keeps of the world, so that it can be told later what changed.</summary>
    public string FingerprintOf(ServiceName service) =>
        string.Join('\n', FactsOf(service).OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => $"{f.Key}={OneLine(f.Value)}"));

    /// <summary>What differs from what a verification had kept, a line each; empty where nothing does.</summary>
    public IReadOnlyList<string> ChangesSince(string fingerprint, ServiceName service)
    {
        var then = Read(fingerprint);
        var now = Read(FingerprintOf(service));
        return
        [
            .. then.Where(f => !now.ContainsKey(f.Key)).GroupBy(f => InstanceOf(f.Key)).SelectMany(gone => now.Keys.Any(k => InstanceOf(k) == gone.Key)
                ? gone.Select(f => $"{f.Key} is not to be seen (it was {f.Value})")
                : [$"{gone.Key}: nothing of it can be seen now"]),
            .. now.Where(f => !then.ContainsKey(f.Key)).Select(f => $"{f.Key} is new: {f.Value}"),
            .. now.Where(f => then.TryGetValue(f.Key, out var old) && old != f.Value).Select(f => $"{f.Key} was {then[f.Key]}, is {f.Value}"),
        ];
    }

    private static SortedDictionary<string, string> Read(string fingerprint) => new(
        fingerprint.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split('=', 2)).ToDictionary(l => l[0], l => l.Length > 1 ? l[1] : "", StringComparer.Ordinal),
        StringComparer.Ordinal);

    private static string InstanceOf(string fact) => fact.Split(' ', 2)[0];

    private static string OneLine(string value) => value.ReplaceLineEndings(" ");

    private static async Task<(InstanceId Id, InstanceObservation Seen)> ObserveAsync(
        InstanceContext instance, EngineWorld world, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(Patience, world.Time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            var driver = world.Drivers.Get(instance.Component.Driver);
            return (instance.Id, await world.Workplace.RunAsync(() => driver.ObserveAsync(instance, linked.Token)));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return (instance.Id, Unknown($"did not answer within {Patience.TotalSeconds:0} s"));
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return (instance.Id, Unknown(failure.Message));
        }
    }

    private static InstanceObservation Unknown(string why) =>
        new() { State = InstanceState.Unknown, Summary = why, Reachable = false };
}
