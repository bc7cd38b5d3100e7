using Kedge.Drivers;
using Kedge.Journal.Events;
using Kedge.Plan.Contracts;
using Kedge.Plan.Model;

namespace Kedge.Recover.Run;

/// <summary>Puts together what an action may need to know of its step.</summary>
internal sealed class StepContexts(EngineWorld world)
{
    public async Task<StepContext> OfAsync(RunState run, RecoveryStep step, long? epoch, CancellationToken cancellation)
    {
        var plan = world.Plans.Get(run.Planned.PlanVersion);
        var service = plan.FindService(step.Service)!;
        var move = run.MoveOf(step.Service);
        var component = step.Instance is { } id ? plan.FindComponent(id.Component) : null;
        var instance = component?.At(step.Instance!.Value.Site);
        var holdsData = component is not null && world.Drivers.Get(component.Driver).Contract.HoldsData;
        return new StepContext
        {
            Instance = instance is null ? null : new InstanceContext(component!, instance),
            Options = OptionsOf(plan, service, step, instance),
            Kind = run.Planned.Kind,
            Run = run.Id.Value,
            From = move.From,
            To = move.To,
            Lost = LostIn(run.Planned, move),
            Epoch = epoch,
            LossAccepted = component is not null && run.Accepted.Contains(component.Id),
            Rpo = service.Objectives.Rpo,
            LastKnown = holdsData ? await world.Watermarks.FindAsync(new(component!.Id, move.From), cancellation) : null,
            Outage = OutageOf(run, component?.Id),
        };
    }

    /// <summary>
    /// When the outage that the run answers began: the incident's first failure. Where there was no incident the old copy may
    /// have gone on serving after the decision, until it was fenced.
    /// </summary>
    public static DateTimeOffset? OutageOf(RunState run, ComponentId? component) => run.Planned.Kind is RunKind.Failover
        ? run.Planned.Outage ?? FencedAt(run, component) ?? run.StartedAt ?? run.PlannedAt
        : null;

    /// <summary>The site that is lost as a whole: what else stands there need be neither asked nor told.</summary>
    public static SiteName? LostIn(RunPlanned planned, Move move) =>
        planned is { Kind: RunKind.Failover, Scenario: Scenario.SiteLoss } ? move.From : null;

    private static DateTimeOffset? FencedAt(RunState run, ComponentId? component) =>
        run.Steps.Where(s => s.Step.Fences && s.Step.Instance?.Component == component && s.Status is StepStatus.Done).Max(s => s.EndedAt);

    private static OptionValues OptionsOf(KedgePlan plan, Service service, RecoveryStep step, Instance? instance)
    {
        if (step.Custom is { } custom)
        {
            return service.Steps.First(s => s.Name == custom).Options;
        }

        // A site is cut off by the command that the plan names for it; the instance is only whom it is done for.
        return step is { Driver: "command", Fences: true } && plan.FindSite(step.Instance!.Value.Site)?.Fence is { } fence
            ? new OptionValues(new Dictionary<string, object> { ["run"] = fence, ["safe-to-repeat"] = true, ["timeout"] = step.Timeout })
            : instance?.Options ?? OptionValues.None;
    }
}
