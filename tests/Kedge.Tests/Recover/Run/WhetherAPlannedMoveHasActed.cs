using Kedge.Journal.Events;
using Kedge.Plan.Model;
using Kedge.Tests.CommandLine;
using Xunit;

namespace Kedge.Tests.Recover.Run;

/// <summary>What a planned move does may look like an outage to the checks; the loss is then not counted up to that.</summary>
public class WhetherAPlannedMoveHasActed
{
    [Fact]
    public void It_has_once_it_began_to_act_and_ended_since() => Assert.True(Asked(Played(acts: true)));

    [Fact]
    public void It_has_not_before_it_acts() => Assert.False(Asked(Played(acts: false)));

    [Fact]
    public void It_has_not_for_another_service() =>
        Assert.False(Played(acts: true).State.Runs.HasPlannedMoveActedSince(HarbourJournal.At(0), [Harbour.Catalogue]));

    [Fact]
    public void It_has_not_where_it_ended_before() =>
        Assert.False(Played(acts: true).State.Runs.HasPlannedMoveActedSince(HarbourJournal.At(4), [Harbour.Orders]));

    [Fact]
    public void A_failover_is_none() => Assert.False(Asked(
        HarbourJournal.SiteLost().Add(2, new RunAborted(new("run-1"), "Ann", "no"))));

    private static bool Asked(HarbourJournal journal) =>
        journal.State.Runs.HasPlannedMoveActedSince(HarbourJournal.At(0), [Harbour.Orders, Harbour.Catalogue]);

    /// <summary>A switchover of the orders from 1 to 3, aborted.</summary>
    private static HarbourJournal Played(bool acts)
    {
        var plan = Harbour.Compile(RunKind.Switchover, Scenario.PlannedMaintenance, Harbour.Orders);
        var run = new RunId("run-1");
        var step = plan.Steps[0].Id;
        var node = new NodeIdentity("hill", "boot", 4711, 1);
        var journal = new HarbourJournal().Add(
            1,
            new RunPlanned(
                run, RunKind.Switchover, false, Scenario.PlannedMaintenance, null, null, Harbour.Plan.Version, plan, "Ann",
                new([], 0, null, false), [], []),
            new RunStarted(run, 1),
            new StepClaimed(run, step, 1, node));
        if (acts)
        {
            journal.Add(2, new StepActing(run, step, 1, 1, null));
        }

        return journal.Add(3, new RunAborted(run, "Ann", "it does not work"));
    }
}
