using Kedge.CommandLine.Rendering.Plans;
using Kedge.Nodes;
using Kedge.Plan.Model;

namespace Kedge.CommandLine.Moves;

/// <summary>Compiles what was asked for and gathers what a person wants to know before deciding. Changes nothing.</summary>
internal static class BriefingMaker
{
    /// <param name="plan">Need not be the one in force.</param>
    /// <param name="accepted">Components whose loss was accepted by name.</param>
    public static async Task<(Proposal Proposal, Briefing Briefing)> MakeAsync(
        ControlPlane plane, KedgePlan plan, MoveRequest request, bool dryRun, bool preflight, IReadOnlySet<ComponentId> accepted, CancellationToken cancellation)
    {
        var proposal = await plane.PrepareAsync(plan, request.Compile, dryRun, cancellation);
        var findings = preflight ? await plane.PreflightAsync(proposal, cancellation) : null;
        return (proposal, new Briefing
        {
            Plan = plan,
            Recovery = proposal.Recovery,
            Prediction = proposal.Prediction,
            ExpectedLoss = proposal.ExpectedLoss,
            Approval = proposal.Approval,
            Preflight = findings,
            Stranded = request.Stranded,
            Stale = preflight ? await StaleAsync(plane, plan, request, cancellation) : [],
            Accepted = accepted,
        });
    }

    /// <summary>What `kedge plan` would end with: whether it would be refused, or would stop half way.</summary>
    public static int ExitCode(Briefing briefing) =>
        briefing.Refused.Any() ? ExitCodes.Refused
        : briefing.Blocked.Any() || briefing.Failing.Any() ? ExitCodes.NeedsOperator
        : ExitCodes.Fine;

    private static async Task<IReadOnlyList<string>> StaleAsync(ControlPlane plane, KedgePlan plan, MoveRequest request, CancellationToken cancellation)
    {
        var reasons = new List<string>();
        if (plane.State.Plans.Newest is { } inForce && inForce != plan.Version)
        {
            reasons.Add($"stale: this is the edited plan; version {inForce.Short} is in force until a command or a node adopts the edit");
        }

        var world = await plane.ObserveAsync(plan, cancellation);
        var readiness = request.Services.ToDictionary(
            s => s, s => Readiness.Of(plan.FindService(s)!, plan.Version, world, plane.State.Readiness.Find(s)));
        var never = readiness.Where(r => r.Value.Kind is ReadinessKind.NeverVerified).Select(r => r.Key).ToList();
        if (never.Count > 0)
        {
            reasons.Add($"never verified: {string.Join(", ", never)}");
        }

        reasons.AddRange(readiness.Where(r => r.Value.Kind is ReadinessKind.Stale).SelectMany(r => r.Value.Because.Select(b => $"stale: {r.Key}: {b}")));
        return reasons;
    }
}
