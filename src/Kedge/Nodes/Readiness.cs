using Kedge.Plan.Model;
using Kedge.Watch;

namespace Kedge.Nodes;

/// <summary>Whether a service's recovery was proven, and whether that still holds.</summary>
/// <param name="Because">What made it stale or is missing, a line each; empty where it is verified.</param>
public sealed record Readiness(ReadinessKind Kind, DateTimeOffset? VerifiedAt, IReadOnlyList<string> Because)
{
    /// <summary>
    /// Judges a service. Any edit of the plan and any change of what was observed makes a verification stale; what is not
    /// observable now makes it not ready.
    /// </summary>
    public static Readiness Of(Service service, PlanVersion plan, WorldView world, LastVerification? last)
    {
        var missing = service.Components.SelectMany(c => c.Instances)
            .Where(i => world.Instances.TryGetValue(i.Id, out var seen) && !seen.Reachable)
            .Select(i => $"{i.Id}: {world.Instances[i.Id].Summary}")
            .ToList();
        if (missing.Count > 0)
        {
            return new(ReadinessKind.NotReady, last?.At, missing);
        }

        if (last is null)
        {
            return new(ReadinessKind.NeverVerified, null, [$"try it without effect: kedge failover {service.Name} --dry-run"]);
        }

        var stale = new List<string>();
        if (last.What.PlanVersion != plan)
        {
            stale.Add($"the plan was edited since (then {last.What.PlanVersion.Short}, now {plan.Short})");
        }

        stale.AddRange(world.ChangesSince(last.What.World, service.Name));

        return new(stale.Count == 0 ? ReadinessKind.Verified : ReadinessKind.Stale, last.At, stale);
    }
}

/// <summary>Kinds of <see cref="Readiness"/>.</summary>
public enum ReadinessKind
{
    NeverVerified,
    NotReady,
    Stale,
    Verified,
}
