using Kedge.Decide;
using Kedge.Journal;
using Kedge.Journal.Events;
using Kedge.Plan.Model;
using Kedge.Recover.Compile;
using Kedge.Recover.Run;
using Kedge.Watch;

namespace Kedge.Nodes;

/// <summary>
/// The leader's answer to outages: opens incidents, prepares for each the failover that a person then approves, escalates
/// when nobody does, and closes them.
/// </summary>
public sealed class IncidentResponse(
    KedgePlan plan, JournalSession session, ControlState state, EngineWorld world, ServiceWatch watch)
{
    private const string Kedge = "kedge";

    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(5);

    private readonly IncidentDesk desk = new(plan, state.Register, state.Incidents);
    private readonly Proposals proposals = new(state, world);

    /// <summary>Works until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var changed = session.Changed;
            await DecideAsync(cancellation);
            foreach (var incident in state.Incidents.Open.Where(NeedsRun).ToList())
            {
                await ProposeAsync(incident, cancellation);
            }

            await CloseAsync(cancellation);
            await WaitAsync(changed, cancellation);
        }
    }

    private Task DecideAsync(CancellationToken cancellation) => session.PersistAloneAsync(
        () => Leads ? [.. desk.Decide(state.Health.Downs, watch.IsSuspect, state.IsMoving, MayGrow, IsSettled, Now), .. Withdrawals(), .. Escalations()] : [],
        world.Time,
        cancellation);

    private IEnumerable<JournalEvent> Escalations() =>
        from run in state.Runs.Live
        where run.Status is RunStatus.AwaitingApproval && run.Planned.Approval.Deadline <= Now
        where !run.Planned.Approval.ProceedAfterDeadline
        let incident = run.Planned.Incident is { } id ? state.Incidents.Find(id) : null
        where incident is { EscalatedAt: null }
        select new IncidentEscalated(incident.Id, $"nobody decided on {run.Id} in time");

    /// <summary>What Kedge proposed and nobody decided on is taken back once there is nothing left to recover; no deadline may start it then.</summary>
    private IEnumerable<JournalEvent> Withdrawals() =>
        from incident in state.Incidents.Open
        where IncidentDesk.IsOver(incident, state.Health.Downs)
        from run in incident.Runs.Select(state.Runs.Find)
        where IsOwnProposal(run)
        select new RunAborted(run.Id, Kedge, "its services came up again by themselves");

    private bool IsSettled(Incident incident) =>
        incident.Runs.Select(state.Runs.Find).All(r => r is { Live: false, Status: not RunStatus.AwaitingCommit });

    private bool MayGrow(Incident incident) =>
        incident.Runs.Select(state.Runs.Find).All(r => r is { Status: RunStatus.Aborted } || IsOwnProposal(r));

    /// <summary>What a person began is a person's to end.</summary>
    private static bool IsOwnProposal(RunState? run) => run is { Status: RunStatus.AwaitingApproval, Planned.RequestedBy: Kedge };

    /// <summary>None was proposed yet, or the one that waits for approval leaves out what has failed since.</summary>
    private bool NeedsRun(Incident incident) => incident.Runs.Count == 0 || Outgrown(incident) is not null;

    private RunState? Outgrown(Incident incident) =>
        state.Runs.Find(incident.Runs[^1]) is { } run && IsOwnProposal(run)
        && incident.Services.Except(run.Plan.Moves.Select(m => m.Service)).Any()
            ? run
            : null;

    private async Task ProposeAsync(Incident incident, CancellationToken cancellation)
    {
        var choice = incident.Scenario is Scenario.SiteLoss
            ? MoveSelection.OfSite(plan, state.Register, incident.Opened.Site, null)
            : MoveSelection.OfServices(plan, state.Register, incident.Services, null);
        if (choice.Moves.Count == 0)
        {
            return;
        }

        var request = new CompileRequest(RunKind.Failover, incident.Scenario, choice.Moves);
        var proposal = await proposals.PrepareAsync(request, incident, dryRun: false, Kedge, cancellation);
        if (incident.Runs.Count > 0)
        {
            await session.PersistAloneAsync(
                () => Leads && Outgrown(incident) is { } run ? [new RunAborted(run.Id, Kedge, "more has failed since; a new run takes its place")] : [],
                world.Time,
                cancellation);
        }

        await session.PersistAloneAsync(
            () => Leads && MayGrow(incident) && proposals.Plan(proposal, []).Event is { } planned ? [planned] : [], world.Time, cancellation);
    }

    private Task CloseAsync(CancellationToken cancellation) => session.PersistAsync(
        () => Leads
            ? [.. state.Incidents.Open.Select(i => (Incident: i, Why: WhyOver(i))).Where(x => x.Why is not null)
                .Select(x => new IncidentClosed(x.Incident.Id, x.Why!, Kedge))]
            : [],
        world.Time,
        cancellation);

    private string? WhyOver(Incident incident) => incident.Runs.Count == 0 ? null
        : state.Runs.Find(incident.Runs[^1]) switch
        {
            { Status: RunStatus.Committed } run => $"{run.Id} was committed",
            { Status: RunStatus.RolledBack } run => $"{run.Id} was rolled back",
            _ => null,
        };

    private async Task WaitAsync(Task changed, CancellationToken cancellation)
    {
        var next = state.Runs.Live.Select(r => r.Planned.Approval.Deadline)
            .Append(desk.PatienceEnds(state.Health.Downs, state.IsMoving))
            .Where(t => t > Now)
            .Min();
        var wait = next is { } at && at - Now < Idle ? at - Now : Idle;
        await FirstOf.WaitAsync([changed], wait, world.Time, cancellation);
    }

    private bool Leads => state.Register.Leader == world.Me;

    private DateTimeOffset Now => world.Time.GetUtcNow();
}
