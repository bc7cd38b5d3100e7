using Kedge.Journal;
using Kedge.Journal.Events;
using Kedge.Nodes;
using Kedge.Plan;
using Kedge.Plan.Model;
using Kedge.Recover.Run;

namespace Kedge.Tests.CommandLine;

/// <summary>A journal written by hand: events at seconds after the outage, folded as they are appended.</summary>
internal sealed class HarbourJournal
{
    public static readonly DateTimeOffset Outage = new(2026, 3, 1, 3, 0, 0, TimeSpan.Zero);
    private static readonly NodeIdentity Node = new("hill", "boot", 4711, 1);

    private readonly List<JournalEntry> entries = [];

    public HarbourJournal()
    {
        State = new ControlState(_ => Harbour.Plan);
        Add(-3600, new JournalOpened("5eed5eed5eed5eed"), new PlanAdopted(Harbour.Plan.Version, Harbour.Plan.Name, PlanText.Write(Harbour.Plan)), new LeadershipTaken(Node, 1, null));
    }

    public ControlState State { get; }

    public IReadOnlyList<JournalEntry> Entries => entries;

    public RunState Run => State.Runs.Runs[^1];

    public Kedge.Decide.Incident? Incident => State.Incidents.Incidents.Count == 0 ? null : State.Incidents.Incidents[^1];

    public static DateTimeOffset At(double seconds) => Outage + TimeSpan.FromSeconds(seconds);

    public HarbourJournal Add(double at, params IReadOnlyList<JournalEvent> events)
    {
        foreach (var what in events)
        {
            var entry = new JournalEntry(entries.Count + 1, At(at), "hill", what, "", (entries.Count + 1).ToString("x").PadLeft(64, '0'));
            entries.Add(entry);
            foreach (var fold in State.Folds)
            {
                fold.Apply(entry);
            }
        }

        return this;
    }

    /// <summary>The site is lost at 0; the failover waits for approval from 1.6 on.</summary>
    public static HarbourJournal SiteLost(bool lossKnown = true)
    {
        var down = new[] { Harbour.Catalogue, Harbour.Orders }.Select(s => new ServiceDown(
            s, Harbour.East, At(0), [new("page", Harbour.East, At(0), "connection refused"), new("page", Harbour.East, At(1.5), "connection refused")]));
        return new HarbourJournal()
            .Add(1.5, [.. down])
            .Add(1.5, new IncidentOpened(
                new("incident-1"), Scenario.SiteLoss, Harbour.East, [Harbour.Catalogue, Harbour.Orders], At(0), At(1.5), "all 2 services that are active at east are down"))
            .Add(1.6, new RunPlanned(
                new("run-1"), RunKind.Failover, false, Scenario.SiteLoss, new("incident-1"), At(0), Harbour.Plan.Version, Harbour.Failover, "kedge",
                new(["decides"], 1, At(901.6), false), [Harbour.Loss(!lossKnown)], []));
    }

    /// <summary>Approved at 40 seconds.</summary>
    public static HarbourJournal Begun() => SiteLost()
        .Add(40, new RunApproved(new("run-1"), "Operations manager", "go"), new RunStarted(new("run-1"), 1));

    /// <summary>A step from claim to verification.</summary>
    public HarbourJournal Done(string step, double from, double to, string evidence = "seen", long? epoch = null) => Add(from, new StepClaimed(Run.Id, step, 1, Node), new StepActing(Run.Id, step, 1, 1, epoch))
        .Add(to, new StepActed(Run.Id, step, 1, 1, "done"), new StepVerified(Run.Id, step, evidence, false));

    public HarbourJournal Acting(string step, double at, int attempt = 1) => Add(at, new StepClaimed(Run.Id, step, attempt, Node), new StepActing(Run.Id, step, attempt, attempt, null));

    /// <summary>The failover up to the point where people and failures come in.</summary>
    public static HarbourJournal HalfWay() => Begun()
        .Done("fence orders/database@east", 40.01, 40.21, "127.0.0.11:5432 is stopped")
        .Done("start catalogue/web@west", 40.01, 41.52)
        .Done("check catalogue@west", 41.52, 41.6, "order-page: 200")
        .Add(41.6, new ServiceServing(new("run-1"), Harbour.Catalogue, Harbour.West, At(41.59)))
        .Done("promote orders/database@west", 41.61, 41.9, "in recovery no more, epoch 1", 1);

    /// <summary>All of it, with the loss measured; the commit window is open.</summary>
    public static HarbourJournal Recovered() => HalfWay()
        .Done("start orders/web@west", 41.9, 43.1)
        .Add(41.95, new StepClaimed(new("run-1"), "tell-warehouse orders", 1, Node), new StepWaits(new("run-1"), "tell-warehouse orders", "Call the warehouse."))
        .Add(60, new StepConfirmed(new("run-1"), "tell-warehouse orders", "Duty engineer", "spoke to the shift leader"))
        .Done("point-here orders/address@west", 60.01, 60.08, "seen at 2 name servers")
        .Done("check orders@west", 60.1, 60.14, "order-page: 200")
        .Add(60.14, new ServiceServing(new("run-1"), Harbour.Orders, Harbour.West, At(60.13)))
        .Add(60.2, new LossMeasured(new("run-1"), Harbour.Database, new(TimeSpan.FromSeconds(0.9), null, true, "newest marker in the copy: 02:59:59.1")))
        .Add(60.3, new RunCompleted(new("run-1"), true));
}
