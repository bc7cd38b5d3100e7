using Kedge.CommandLine.Rendering.State;
using Kedge.Nodes;
using Kedge.Plan.Model;
using Kedge.Recover.Compile;
using Kedge.Recover.Run;

namespace Kedge.CommandLine.Moves;

/// <summary>Gathers the status. A first look puts the plan in force; a later edit is only told.</summary>
internal static class StatusReader
{
    public static async Task<StatusPicture> ReadAsync(Invocation call, ControlPlane plane, CancellationToken cancellation)
    {
        var notices = new List<string>();
        var plan = await PlanAsync(call, plane, notices, cancellation);
        var world = plane.ObserveAsync(cancellation);
        var services = await Task.WhenAll(plan.Services.Select(s => OfAsync(s, plan, plane, cancellation)));
        var seen = await world;
        return new()
        {
            Plan = plan,
            Leader = plane.State.Register.Leader,
            LeaderIsDead = !plane.IsLed,
            Services = [.. services.Select(s => s with { Readiness = Readiness.Of(s.Service, plan.Version, seen, plane.State.Readiness.Find(s.Service.Name)) })],
            World = seen,
            Incidents = [.. plane.State.Incidents.Open],
            Runs = [.. plane.State.Runs.Runs.Where(r => r.Live || r.Status is RunStatus.AwaitingCommit)],
            Notices = notices,
            Now = call.Now,
        };
    }

    private static async Task<KedgePlan> PlanAsync(Invocation call, ControlPlane plane, List<string> notices, CancellationToken cancellation)
    {
        if (plane.State.Plan is not { } inForce)
        {
            await plane.AdoptAsync(call.RequirePlan(), cancellation);
            return plane.State.Plans.InForce;
        }

        if (call.ReadPlan() is { } reading)
        {
            if (reading.Plan is null)
            {
                notices.Add("the plan on disk has errors (kedge validate); what follows is of the plan in force");
            }
            else if (reading.Plan.Version != inForce.Version)
            {
                notices.Add($"the plan was edited: version {reading.Plan.Version.Short} is not in force yet (kedge plan adopt)");
            }
        }

        return inForce;
    }

    private static async Task<ServiceStatus> OfAsync(Service service, KedgePlan plan, ControlPlane plane, CancellationToken cancellation)
    {
        var state = plane.State;
        var active = state.Register.ActiveSite(service);
        var choice = MoveSelection.OfServices(plan, state.Register, [service.Name], null);
        var failover = choice.Moves.Count == 0
            ? null
            : await plane.PrepareAsync(plan, new(RunKind.Failover, Scenario.ServiceLoss, choice.Moves), dryRun: true, cancellation);
        return new(
            service,
            active,
            failover?.Prediction,
            failover?.ExpectedLoss ?? [],
            new(ReadinessKind.NeverVerified, null, []),
            state.Health.Find(service.Name, active),
            state.Runs.Live.FirstOrDefault(r => !r.Planned.DryRun && r.Status is not RunStatus.AwaitingApproval && r.Plan.Moves.Any(m => m.Service == service.Name))?.Id);
    }
}
