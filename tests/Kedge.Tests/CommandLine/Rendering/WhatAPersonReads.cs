using Kedge.CommandLine.Rendering.Drawings;
using Kedge.CommandLine.Rendering.Plans;
using Kedge.CommandLine.Rendering.Runs;
using Kedge.CommandLine.Rendering.State;
using Kedge.CommandLine.Rendering.Text;
using Kedge.Drivers;
using Kedge.Journal;
using Kedge.Journal.Events;
using Kedge.Nodes;
using Kedge.Plan.Model;
using Kedge.Recover;
using Kedge.Recover.Compile;
using Kedge.Tests.Golden;
using Xunit;

namespace Kedge.Tests.CommandLine.Rendering;

public class WhatAPersonReads
{
    private static readonly JournalHead Head = new(57, new string('a', 64));

    [Theory]
    [InlineData(79)]
    [InlineData(119)]
    public void Of_a_failover_before_it_is_decided(int width) =>
        Golden(BriefingPage.Of(Briefed(lossKnown: true), width), $"failover-{width}.txt");

    [Fact]
    public void Of_a_failover_whose_loss_is_unknown_and_which_would_fail_now() => Golden(
        BriefingPage.Of(
            Briefed(lossKnown: false) with
            {
                Stale = ["stale: orders: the plan was edited since (then 000000000000, now 111111111111)"],
                Preflight = [new StepFinding("promote orders/database@west", new(false, "nobody listens at 127.0.0.12:5432", "start the server"))],
                Stranded = [new ServiceName("archive")],
            },
            79),
        "failover-refused.txt");

    [Fact]
    public void Of_a_switchover() => Golden(
        BriefingPage.Of(BriefedFor(Harbour.Compile(RunKind.Switchover, Scenario.PlannedMaintenance, Harbour.Orders), []), 79), "switchover.txt");

    [Fact]
    public void Of_a_restore_without_a_vault() => Golden(
        BriefingPage.Of(BriefedFor(Harbour.Compile(RunKind.Restore, Scenario.SecurityBreach, Harbour.Orders), []), 79), "restore.txt");

    [Fact]
    public void In_the_binder() => GoldenFile.Matches(BriefingMarkdown.Of(Briefed(lossKnown: true)), "binder.md");

    [Fact]
    public void In_a_drawing_of_the_failover()
    {
        var drawing = RecoveryDrawing.Of(Harbour.Plan, Harbour.Failover, Prediction.Of(Harbour.Failover));
        GoldenFile.Matches(MermaidText.Of(drawing), "failover.mmd");
        GoldenFile.Matches(DotText.Of(drawing), "failover.dot");
        GoldenFile.Matches(SvgText.Of(drawing), "failover.svg");
    }

    [Fact]
    public void In_a_drawing_of_the_topology()
    {
        var drawing = TopologyDrawing.Of(Harbour.Plan, s => s.Primary, new HashSet<string> { "postgres" });
        GoldenFile.Matches(MermaidText.Of(drawing), "topology.mmd");
        GoldenFile.Matches(DotText.Of(drawing), "topology.dot");
        GoldenFile.Matches(SvgText.Of(drawing), "topology.svg");
    }

    [Fact]
    public void Of_a_run_that_waits_for_approval() => Golden(RunAt(HarbourJournal.SiteLost(), 12), "run-waits-for-approval.txt");

    [Fact]
    public void Of_a_run_whose_unknown_loss_somebody_must_accept() => Golden(RunAt(HarbourJournal.SiteLost(lossKnown: false), 12), "run-loss-unknown.txt");

    [Fact]
    public void Of_a_run_under_way_in_which_a_person_is_asked_and_a_step_is_tried_again() => Golden(
        RunAt(
            HarbourJournal.HalfWay()
                .Acting("start orders/web@west", 41.9)
                .Add(42.1, new StepFailed(new("run-1"), "start orders/web@west", 1, new("port 8080 is in use", "stop what listens there", false), HarbourJournal.At(43)))
                .Add(42.2, new StepWaits(new("run-1"), "tell-warehouse orders", "Call the warehouse.")),
            42.5),
        "run-under-way.txt");

    [Fact]
    public void Of_a_run_that_is_paused() => Golden(
        RunAt(
            HarbourJournal.Begun()
                .Acting("fence orders/database@east", 40.01)
                .Add(70, new StepFailed(new("run-1"), "fence orders/database@east", 3, new("127.0.0.11:5432 still answers", "cut its power, then attest it", true), null))
                .Acting("start catalogue/web@west", 40.02)
                .Add(70.1, new StepFailed(new("run-1"), "start catalogue/web@west", 3, new("/srv/catalogue does not exist", "install it", false), null))
                .Add(70.2, new RunPaused(new("run-1"), "fence orders/database@east: 127.0.0.11:5432 still answers")),
            71),
        "run-paused.txt");

    [Fact]
    public void Of_a_run_that_nobody_carries_out() => Golden(
        RunPage.Of(HarbourJournal.HalfWay().Run, null, new(HarbourJournal.At(50), Led: false, TimeZoneInfo.Utc), 79), "run-nobody-leads.txt");

    [Fact]
    public void Of_a_large_run_in_a_small_window()
    {
        var journal = HarbourJournal.HalfWay().Acting("start orders/web@west", 41.9);
        var page = RunPage.Live(journal.Run, journal.Incident, new(HarbourJournal.At(42), true, TimeZoneInfo.Utc), 79, 16);
        Assert.True(page.Lines.Count <= 16, page.ToString());
        Golden(page, "run-small-window.txt");
    }

    [Theory]
    [InlineData(79)]
    [InlineData(119)]
    public void Of_what_a_run_achieved(int width)
    {
        var journal = HarbourJournal.Recovered();
        Golden(RunReport.Of(journal.Run, journal.Incident, Harbour.Plan, Head, TimeZoneInfo.Utc, width), $"report-{width}.txt");
    }

    [Fact]
    public void Of_objectives_that_were_missed_and_a_loss_that_was_counted()
    {
        var journal = HarbourJournal.Recovered()
            .Add(9000, new RunCommitted(new("run-1"), "ops"))
            .Add(9100, new LossMeasured(new("run-1"), Harbour.Database, new(TimeSpan.FromMinutes(6), 17, false, "read from the old copy")));
        Golden(RunReport.Of(journal.Run, journal.Incident, Harbour.Plan with { Services = [.. Harbour.Plan.Services.Select(Hurried)] }, Head, TimeZoneInfo.Utc, 79), "report-missed.txt");

        static Service Hurried(Service service) => service with { Objectives = service.Objectives with { Rto = TimeSpan.FromSeconds(30) } };
    }

    [Fact]
    public void In_the_log_of_a_run()
    {
        var journal = HarbourJournal.SiteLost();
        var log = new RunLog(journal.Run);
        var page = new Page(79);
        page.Add(log.Next(journal.Incident, HarbourJournal.At(2), TimeZoneInfo.Utc));
        Assert.Empty(log.Next(journal.Incident, HarbourJournal.At(3), TimeZoneInfo.Utc));
        journal.Add(40, new RunApproved(new("run-1"), "ops", null), new RunStarted(new("run-1"), 1)).Done("fence orders/database@east", 40.01, 40.21).Acting("start catalogue/web@west", 40.02);
        page.Add(log.Next(journal.Incident, HarbourJournal.At(40.3), TimeZoneInfo.Utc));
        journal.Add(41, new StepFailed(new("run-1"), "start catalogue/web@west", 1, new("/srv/catalogue does not exist", "install it", false), null));
        page.Add(log.Next(journal.Incident, HarbourJournal.At(41), TimeZoneInfo.Utc));
        journal.Add(41.1, new RunPaused(new("run-1"), "start catalogue/web@west: /srv/catalogue does not exist"));
        page.Add(log.Next(journal.Incident, HarbourJournal.At(41.1), TimeZoneInfo.Utc));
        GoldenFile.Matches(page.ToString(), "run-log.txt");
    }

    [Fact]
    public void Of_how_everything_stands_on_a_good_day() => Golden(StatusPage.Of(Status(new HarbourJournal(), ReadinessKind.Verified, Harbour.Loss(refused: false)), 79), "status-fine.txt");

    [Fact]
    public void Of_how_everything_stands_while_a_site_is_lost()
    {
        var status = Status(HarbourJournal.SiteLost(lossKnown: false), ReadinessKind.Stale, Harbour.Loss(refused: true));
        Golden(StatusPage.Of(status with { LeaderIsDead = true, Notices = ["the plan was edited: version 111111111111 is not in force yet (kedge plan adopt)"] }, 79), "status-lost.txt");
    }

    [Fact]
    public void Of_how_everything_stands_once_the_other_site_serves()
    {
        var status = Status(HarbourJournal.Recovered(), ReadinessKind.Verified, Harbour.Loss(refused: false));
        var services = status.Services.Select(s => s with { Active = Harbour.West, Down = null });
        Golden(StatusPage.Of(status with { Services = [.. services], Now = HarbourJournal.At(70) }, 79), "status-served-again.txt");
    }

    [Fact]
    public void Of_every_event_in_the_journal_is_one_line() => GoldenFile.Matches(
        string.Join('\n', HarbourJournal.Recovered().Entries.Select(e => EventText.Of(e.Event))) + "\n", "events.txt");

    private static void Golden(Page page, string name)
    {
        Assert.All(page.Lines, line => Assert.True(line.Width <= page.Width || line.ToString().Contains("kedge run", StringComparison.Ordinal), $"wider than {page.Width}: {line}"));
        GoldenFile.Matches(page.ToString(), name);
    }

    private static Page RunAt(HarbourJournal journal, double seconds) =>
        RunPage.Of(journal.Run, journal.Incident, new(HarbourJournal.At(seconds), true, TimeZoneInfo.Utc), 79);

    private static Briefing Briefed(bool lossKnown) => BriefedFor(Harbour.Failover, [Harbour.Loss(!lossKnown)]) with
    {
        Approval = new(["decides"], 1, HarbourJournal.At(900), false),
    };

    private static Briefing BriefedFor(RecoveryPlan recovery, IReadOnlyList<ExpectedLoss> loss) => new()
    {
        Plan = Harbour.Plan,
        Recovery = recovery,
        Prediction = Prediction.Of(recovery),
        ExpectedLoss = loss,
        Approval = new([], 0, null, false),
        Preflight = [new StepFinding("start orders/web@west", new(true, "/srv/orders is there", null))],
    };

    private static StatusPicture Status(HarbourJournal journal, ReadinessKind readiness, ExpectedLoss loss)
    {
        var now = HarbourJournal.At(10);
        var seen = Harbour.Plan.Services.SelectMany(s => s.Components).SelectMany(c => c.Instances).ToDictionary(i => i.Id, i => new InstanceObservation
        {
            State = i.Id.Site == Harbour.East || i.Id.Component == Harbour.Database ? InstanceState.Running : InstanceState.Stopped,
            Role = i.Id.Component != Harbour.Database ? DataRole.None : i.Id.Site == Harbour.East ? DataRole.Writable : DataRole.Standby,
            Summary = i.Id.Component == Harbour.Database ? "PostgreSQL 15.8" : "as it should be",
        });
        return new()
        {
            Plan = Harbour.Plan,
            Leader = journal.State.Register.Leader,
            LeaderIsDead = false,
            Services =
            [
                .. Harbour.Plan.Services.Select(s => new ServiceStatus(
                    s,
                    Harbour.East,
                    Prediction.Of(Harbour.Compile(RunKind.Failover, Scenario.ServiceLoss, s.Name)),
                    s.Name == Harbour.Orders ? [loss] : [],
                    readiness is ReadinessKind.Verified
                        ? new(readiness, now - TimeSpan.FromHours(5), [])
                        : new(readiness, now - TimeSpan.FromDays(12), ["versions, identities or settings of its instances changed since"]),
                    journal.State.Health.Find(s.Name, Harbour.East),
                    null)),
            ],
            World = new(seen),
            Incidents = [.. journal.State.Incidents.Open],
            Runs = [.. journal.State.Runs.Live],
            Notices = [],
            Now = now,
        };
    }
}
