using Kedge.Journal;
using Kedge.Journal.Events;
using Kedge.Plan.Model;
using Kedge.Recover.Run;
using Kedge.Simulation.Kernel;
using Kedge.Simulation.Store;

namespace Kedge.Simulation.Laws;

/// <summary>
/// What holds of each event, given all before it: the chain continues, every change of state is one that there is, epochs
/// and terms grow by one, and whoever appends was allowed to. Each prefix of the journal is folded on the way.
/// </summary>
internal sealed class JournalLaw
{
    private readonly Scheduler scheduler;
    private readonly SimulatedStore store;
    private readonly Truth truth;
    private readonly ActLaw acts;
    private readonly StepLaw steps;
    private readonly OrderLaw order;

    public JournalLaw(Scheduler scheduler, SimulatedStore store, Truth truth, ActLaw acts, Func<NodeIdentity, bool> isDead)
    {
        (this.scheduler, this.store, this.truth, this.acts) = (scheduler, store, truth, acts);
        (steps, order) = (new(truth, acts), new(truth, acts, isDead));
        store.Appended += OnAppended;
    }

    /// <summary>Told of each entry, after it was taken in, with the process that appended it.</summary>
    public event Action<JournalEntry, SimulatedProcess>? Taken;

    private void OnAppended(int before, SimulatedProcess by)
    {
        for (var i = before; i < store.Records.Count && scheduler.Violation is null; i++)
        {
            try
            {
                var entry = truth.Read(i + 1, store.Records[i]);
                if (scheduler.Trace.On)
                {
                    scheduler.Trace.Add(scheduler.Elapsed, $"journal {entry.Position} {EntryText.Of(entry.Event)} by {by}");
                }

                if (Broken(entry.Event, by) is { } what)
                {
                    scheduler.Fail("each event follows from those before", $"entry {entry.Position}, {EntryText.Of(entry.Event)} by {by}: {what}");
                }
                else if (order.Broken(entry.Event, by) is var (law, how))
                {
                    scheduler.Fail(law, $"entry {entry.Position}: {how}");
                }

                truth.Take(entry);
                acts.Take(entry.Event, by);

                Taken?.Invoke(entry, by);
            }
            catch (JournalDamagedException damage)
            {
                scheduler.Fail("the chain holds", damage.Message);
            }
        }
    }

    private string? Broken(JournalEvent what, SimulatedProcess by)
    {
        var register = truth.State.Register;
        switch (what)
        {
            case LeadershipTaken e:
                return e.Term != register.Term + 1 ? $"the newest term is {register.Term}" : e.Node != by.Identity ? "it is another's" : null;
            case LeadershipReleased e:
                return e.Term != register.Term || e.Node != by.Identity ? $"term {register.Term} is {register.Leader}'s" : null;
            case IncidentOpened e:
                return truth.State.Incidents.IdAfter(0) != e.Incident ? $"the next is {truth.State.Incidents.IdAfter(0)}" : Leaders(by)
                    ?? truth.State.Incidents.Open.Where(i => i.Opened.Site == e.Site && i.Services.Intersect(e.Services).Any())
                        .Select(i => $"{i.Id} is about that already").FirstOrDefault();
            case IncidentClosed or IncidentEscalated:
                return Leaders(by);
            case ServiceDown e:
                return truth.State.Health.Find(e.Service, e.Site) is not null ? "it is down already" : NotActive(e.Service, e.Site);
            case ServiceUp e:
                return truth.State.Health.Find(e.Service, e.Site) is null ? "it is not down" : NotActive(e.Service, e.Site);
            case RunPlanned e:
                return Broken(e);
            default:
                return RunOf(what) is { } id ? BrokenInRun(what, id, by) : null;
        }
    }

    private string? NotActive(ServiceName service, SiteName site) =>
        truth.State.Register.ActiveSite(truth.State.Plan!.FindService(service)!) is var active && active != site ? $"{service} is active at {active}" : null;

    private string? Broken(RunPlanned e)
    {
        if (truth.State.Runs.NextId != e.Run)
        {
            return $"the next is {truth.State.Runs.NextId}";
        }

        var plan = truth.State.Plans.Get(e.PlanVersion);
        foreach (var move in e.Plan.Moves)
        {
            if (truth.State.Runs.Live.FirstOrDefault(r => r.Plan.Moves.Any(m => m.Service == move.Service)) is { } other)
            {
                return $"{other.Id} moves {move.Service}";
            }

            var active = truth.State.Register.ActiveSite(plan.FindService(move.Service)!);
            var isHalfMoved = truth.State.Register.Epochs.Any(h => h.Key.Service == move.Service && h.Value.Site == move.From);
            var fits = e.Kind switch
            {
                RunKind.Reprotect => active == move.To && !isHalfMoved,
                RunKind.Rollback => active == move.From || (active == move.To && isHalfMoved),
                _ => active == move.From,
            };
            if (!fits)
            {
                return $"{move.Service} is active at {active}";
            }
        }

        return null;
    }

    private string? BrokenInRun(JournalEvent what, RunId id, SimulatedProcess by)
    {
        if (truth.State.Runs.Find(id) is not { } run)
        {
            return "there is no such run";
        }

        return what switch
        {
            RunApproved or RunDeclined or LossAccepted => Demand(run.Status is RunStatus.AwaitingApproval, run),
            RunStarted e => Demand(run.Status is RunStatus.AwaitingApproval, run) ?? Leaders(by)
                ?? (e.Term != truth.State.Register.Term ? "another term" : RunDecider.NotYetApproved(run, scheduler.Now)),
            RunPaused => Demand(run.Status is RunStatus.Running, run) ?? Leaders(by),
            RunResumed => Demand(run.Status is RunStatus.Paused, run),
            RunCompleted => Demand(run.Status is RunStatus.Running, run) ?? Leaders(by) ?? (RunDecider.IsOver(run) ? null : "steps of it are open"),
            RunCommitted => Demand(run.Status is RunStatus.AwaitingCommit, run) ?? Beside(run),
            RunRolledBack e => Demand(run.Status is RunStatus.AwaitingCommit, run)
                ?? (truth.State.Runs.Find(e.Rollback)?.Status is RunStatus.Completed ? null : $"{e.Rollback} is not over"),
            RunAborted => Demand(run.Live, run) ?? run.Steps.Where(s => s.Status is StepStatus.Acting).Select(s => $"{s.Step.Id} is at work").FirstOrDefault(),
            EpochTaken e => Demand(run.Status is RunStatus.Running or RunStatus.Paused, run)
                ?? (e.Epoch == truth.State.Register.Epoch(e.Component) + 1 ? null : $"the newest is {truth.State.Register.Epoch(e.Component)}"),
            ActiveSiteChanged or ServiceServing => Demand(run.Status is RunStatus.Running or RunStatus.Paused, run),
            LossMeasured => null,
            _ => steps.Broken(what, run, by),
        };
    }

    private string? Beside(RunState run) => truth.State.Runs.Live
        .Where(r => !r.Planned.DryRun && r.Plan.Moves.Any(m => run.Plan.Moves.Any(o => o.Service == m.Service)))
        .Select(r => $"{r.Id} concerns the same services").FirstOrDefault();

    private string? Leaders(SimulatedProcess by) => truth.State.Register.Leader == by.Identity ? null : $"{truth.State.Register.Leader?.ToString() ?? "nobody"} leads";

    private static string? Demand(bool holds, RunState run) => holds ? null : $"{run.Id} is {run.Status}";

    private static RunId? RunOf(JournalEvent what) => what switch
    {
        RunApproved e => e.Run,
        RunDeclined e => e.Run,
        LossAccepted e => e.Run,
        RunStarted e => e.Run,
        RunPaused e => e.Run,
        RunResumed e => e.Run,
        RunCompleted e => e.Run,
        RunCommitted e => e.Run,
        RunRolledBack e => e.Run,
        RunAborted e => e.Run,
        EpochTaken e => e.Run,
        ActiveSiteChanged e => e.Run,
        ServiceServing e => e.Run,
        LossMeasured e => e.Run,
        StepClaimed e => e.Run,
        StepTakenOver e => e.Run,
        StepActing e => e.Run,
        StepActed e => e.Run,
        StepVerified e => e.Run,
        StepFailed e => e.Run,
        StepWaits e => e.Run,
        StepConfirmed e => e.Run,
        StepRetried e => e.Run,
        StepSkipped e => e.Run,
        _ => null,
    };
}
