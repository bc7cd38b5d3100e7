using Kedge.Journal.Events;
using Kedge.Plan.Contracts;
using Kedge.Plan.Model;

namespace Kedge.Recover.Compile;

/// <summary>Compiles the steps of one service's move into the graph.</summary>
internal sealed class ServiceCompiler(
    KedgePlan plan,
    Service service,
    Move move,
    CompileRequest request,
    IReadOnlyDictionary<string, DriverContract> contracts,
    ObservedState observed,
    StepGraph graph,
    List<string> remarks)
{
    private readonly StepFactory factory = new(plan, service, move, request, contracts, observed);
    private readonly Dictionary<string, ComponentSteps> components = new(StringComparer.Ordinal);

    private bool Planned => request.Kind is RunKind.Switchover or RunKind.Failback;

    public ServiceSteps Compile()
    {
        foreach (var component in service.Components)
        {
            components[component.Id.Name] = Place(component);
        }

        var early = new EarlyMovers(service, components).Find(Planned);
        foreach (var component in service.Components)
        {
            OrderWithin(components[component.Id.Name]);
            OrderActivation(component, early);
        }

        if (Planned)
        {
            OrderStops(early);
        }

        var check = PlaceCheck();
        OrderAfterwards(check);
        new CustomSteps(service, request.Kind, factory, graph, remarks).Place();
        return new(
            [.. All(s => s.HoldsData ? s.Start : s.Promote.Concat(s.Start))],
            check is not null ? [check] : [.. All(s => s.Promote.Concat(s.Start).Concat(s.Switch))]);
    }

    private ComponentSteps Place(Component component)
    {
        var contract = contracts[component.Driver];
        var steps = new ComponentSteps(contract.HoldsData);
        if (request.Kind is RunKind.Restore)
        {
            if (contract.HoldsData)
            {
                steps.Promote.Add(graph.Add(factory.NoVault(component)));
            }

            return steps;
        }

        foreach (var action in contract.Actions.Where(a => a.Kinds.Contains(request.Kind)))
        {
            var atSource = action.Role is ActionRole.Stop or ActionRole.Fence or ActionRole.Reprotect;
            if (component.At(atSource ? move.From : move.To) is not { } instance)
            {
                Remark(component, atSource ? move.From : move.To, action);
                continue;
            }

            if (action.OnlyWith is { } option && !instance.Options.Has(option))
            {
                continue;
            }

            steps.Of(action.Role)?.Add(graph.Add(factory.Act(contract, component, instance, action)));
        }

        return steps;
    }

    private void Remark(Component component, SiteName site, ActionContract action)
    {
        var text = $"{component.Id} has no instance at {site}; nothing of it is done there";
        if (action.Role is not ActionRole.Prepare && !remarks.Contains(text))
        {
            remarks.Add(text);
        }
    }

    private void OrderWithin(ComponentSteps steps)
    {
        graph.Order(steps.Fence.Where(_ => steps.HoldsData), steps.Promote);
        graph.Order(steps.Stop, steps.Promote);
        graph.Order(steps.Promote, steps.Start.Concat(steps.Switch));
        graph.Order(steps.Start, steps.Switch);
        graph.Order(steps.Drill, steps.CleanUp);
    }

    /// <summary>What a component needs is active before it starts, and all of it, at whatever site, before traffic comes.</summary>
    private void OrderActivation(Component component, IReadOnlySet<string> early)
    {
        var own = components[component.Id.Name];
        foreach (var need in component.Needs)
        {
            var other = components[need.Component];
            if (!need.AcrossSites)
            {
                graph.Order(other.Activated, own.Promote.Concat(own.Start).Concat(own.Drill));
            }

            if (!early.Contains(component.Id.Name))
            {
                graph.Order(AllActivated(need.Component, []), own.Switch);
            }
            else if (!need.AcrossSites)
            {
                graph.Order(other.Activated.Concat(other.Switch), own.Switch);
            }
        }
    }

    private IEnumerable<string> AllActivated(string component, HashSet<string> seen) =>
        seen.Add(component)
            ? components[component].Activated.Concat(
                service.Components.First(c => c.Id.Name == component).Needs.SelectMany(n => AllActivated(n.Component, seen)))
            : [];

    /// <summary>
    /// In a planned move: whatever can be made ready is ready first; traffic that can move early moves before anything
    /// stops; who needs a component stops before it.
    /// </summary>
    private void OrderStops(IReadOnlySet<string> early)
    {
        var stops = All(s => s.Stop).ToList();
        graph.Order(All(s => s.Prepare), stops);

        var earlySwitches = service.Components.Where(c => early.Contains(c.Id.Name))
            .SelectMany(c => components[c.Id.Name].Switch).ToList();
        graph.Order(All(s => s.Prepare), earlySwitches);
        var settled = earlySwitches.Select(Settled).ToList();
        graph.Order(settled, stops);
        graph.Order(
            service.Components.Where(c => early.Contains(c.Id.Name)).SelectMany(c => components[c.Id.Name].Start), stops);

        foreach (var component in service.Components)
        {
            foreach (var need in component.Needs)
            {
                graph.Order(components[component.Id.Name].Stop, components[need.Component].Stop);
            }
        }
    }

    /// <summary>The step after which nobody follows the old address any more.</summary>
    private string Settled(string switched)
    {
        var step = factory.Find(switched);
        if (step.Settles is not { } time || time == TimeSpan.Zero)
        {
            return switched;
        }

        var wait = graph.Add(factory.Wait(step, time));
        graph.Order(switched, wait);
        return wait;
    }

    private string? PlaceCheck()
    {
        if (request.Kind is RunKind.Drill or RunKind.Reprotect)
        {
            return null;
        }

        if (!service.Checks.Any(c => c.At.ContainsKey(move.To)))
        {
            remarks.Add($"{service.Name} has no check at {move.To}; nobody tests there whether it serves");
            return null;
        }

        var check = graph.Add(factory.Check());
        graph.Order(All(s => s.Promote.Concat(s.Start).Concat(s.Switch)), [check]);
        return check;
    }

    private void OrderAfterwards(string? check)
    {
        var reprotect = All(s => s.Reprotect).ToList();
        graph.Order(All(s => s.Promote), reprotect);
        if (check is not null)
        {
            graph.Order([check], reprotect);
        }
    }

    private IEnumerable<string> All(Func<ComponentSteps, IEnumerable<string>> which) =>
        service.Components.SelectMany(c => which(components[c.Id.Name]));
}
