using System.Security.Cryptography;
using System.Text;
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

    /// <summary>Facts as one text, a line each, sorted: what a verification keeps of the world.</summary>
    public string FingerprintOf(ServiceName service)
    {
        var lines = FactsOf(service).OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => $"{f.Key}={f.Value}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines))));
    }

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
