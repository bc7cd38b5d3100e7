using Kedge.Journal.Events;
using Kedge.Plan.Contracts;
using Kedge.Plan.Model;

namespace Kedge.Recover.Compile;

/// <summary>
/// Compiles (plan, scenario, observed state) into a recovery plan: a pure function, linear in the number of components.
/// The order of a planned move differs from that of an unplanned one; both are argued step by step in docs/failover.md.
/// </summary>
/// <param name="contracts">What each kind of driver offers.</param>
public sealed class PlanCompiler(IReadOnlyList<DriverContract> contracts)
{
    private readonly Dictionary<string, DriverContract> contracts = contracts.ToDictionary(c => c.Kind);

    /// <summary>
    /// Compiles. The plan must have been validated against the same contracts; a service of the request that it does not
    /// have throws <see cref="ArgumentException"/>.
    /// </summary>
    public RecoveryPlan Compile(KedgePlan plan, CompileRequest request, ObservedState observed)
    {
        var remarks = new List<string>();
        var graph = new StepGraph();
        var services = new Dictionary<ServiceName, ServiceSteps>();
        foreach (var move in request.Moves)
        {
            var service = plan.FindService(move.Service)
                ?? throw new ArgumentException($"the plan has no service '{move.Service}'", nameof(request));
            services[move.Service] = new ServiceCompiler(plan, service, move, request, contracts, observed, graph, remarks).Compile();
        }

        foreach (var (name, steps) in services)
        {
            foreach (var needed in plan.FindService(name)!.Needs)
            {
                if (services.TryGetValue(needed, out var other))
                {
                    graph.Order(other.Verified, steps.Beginnings);
                }
            }
        }

        return new RecoveryPlan
        {
            Kind = request.Kind,
            Scenario = request.Scenario,
            PlanVersion = plan.Version,
            Moves = request.Moves,
            Steps = graph.Sorted(),
            Remarks = remarks,
        };
    }
}
