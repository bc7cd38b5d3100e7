using Kedge.Plan.Model;

namespace Kedge.Decide;

/// <summary>What a set of failing services means.</summary>
/// <param name="Because">The reasoning, for the incident.</param>
public sealed record Classification(Scenario Scenario, IReadOnlyList<ServiceName> Services, string Because)
{
    /// <summary>
    /// Classifies the failures at one site: all of its services down together is a site loss, fewer are a service loss.
    /// Null while that cannot be told yet: another service there fails without being confirmed.
    /// </summary>
    /// <param name="active">All services that are active at the site.</param>
    /// <param name="down">Those that are confirmed to be down.</param>
    /// <param name="suspect">Those that fail, unconfirmed.</param>
    /// <param name="patienceIsOver">True when waiting for the suspects has taken long enough.</param>
    public static Classification? Of(
        SiteName site,
        IReadOnlyList<ServiceName> active,
        IReadOnlyList<ServiceName> down,
        IReadOnlyList<ServiceName> suspect,
        bool patienceIsOver)
    {
        if (down.Count == active.Count && active.Count > 1)
        {
            return new(Scenario.SiteLoss, down, $"all {active.Count} services that are active at {site} are down");
        }

        if (suspect.Count > 0 && !patienceIsOver)
        {
            return null;
        }

        return active.Count == 1
            ? new(Scenario.ServiceLoss, down, $"{down[0]}, the only service that is active at {site}, is down")
            : new(Scenario.ServiceLoss, down, $"{down.Count} of {active.Count} services that are active at {site} are down");
    }
}
