using Kedge.Drivers;
using Kedge.Journal.Events;
using Kedge.Nodes;
using Kedge.Plan.Model;
using Kedge.Tests.CommandLine;
using Kedge.Watch;
using Xunit;

namespace Kedge.Tests.Nodes;

/// <summary>A verification is stale once anything that should not change by itself has changed, and says what.</summary>
public class WhenTheWorldChanges
{
    private static readonly Service Orders = Harbour.Plan.FindService(Harbour.Orders)!;
    private static readonly InstanceId West = new(Harbour.Database, Harbour.West);

    [Fact]
    public void Nothing_changed_is_verified_whatever_moves_with_every_look() =>
        Assert.Equal(ReadinessKind.Verified, Judge(World("15.8", "a summary"), World("15.8", "another")).Kind);

    [Fact]
    public void A_new_version_is_told_with_both()
    {
        var readiness = Judge(World("15.8", ""), World("15.9", ""));
        Assert.Equal(ReadinessKind.Stale, readiness.Kind);
        Assert.Equal(["orders/database@west version was 15.8, is 15.9"], readiness.Because);
    }

    [Fact]
    public void What_came_and_what_went_is_told()
    {
        var readiness = Judge(World("15.8", ""), Empty);
        Assert.Equal(["orders/database@west: nothing of it can be seen now"], readiness.Because);
        Assert.Equal(["orders/database@west version is new: 15.8"], Judge(Empty, World("15.8", "")).Because);
    }

    [Fact]
    public void An_edit_of_the_plan_is_told_beside_it()
    {
        var last = new LastVerification(HarbourJournal.Outage, new(Orders.Name, Harbour.Plan.Version, World("15.8", "").FingerprintOf(Orders.Name), "run-1"));
        var readiness = Readiness.Of(Orders, Harbour.Edited.Version, World("15.9", ""), last);
        Assert.Equal(2, readiness.Because.Count);
        Assert.StartsWith("the plan was edited since", readiness.Because[0], StringComparison.Ordinal);
    }

    [Fact]
    public void An_instance_that_cannot_be_reached_is_not_ready_however_well_it_was_verified()
    {
        var lost = new WorldView(new Dictionary<InstanceId, InstanceObservation>
        {
            [West] = new() { State = InstanceState.Unknown, Summary = "no route to host", Reachable = false },
        });
        var readiness = Judge(World("15.8", ""), lost);
        Assert.Equal(ReadinessKind.NotReady, readiness.Kind);
        Assert.Equal(["orders/database@west: no route to host"], readiness.Because);
    }

    private static WorldView Empty { get; } = new(new Dictionary<InstanceId, InstanceObservation>());

    private static Readiness Judge(WorldView then, WorldView now) => Readiness.Of(
        Orders,
        Harbour.Plan.Version,
        now,
        new(HarbourJournal.Outage, new ReadinessVerified(Orders.Name, Harbour.Plan.Version, then.FingerprintOf(Orders.Name), "run-1")));

    private static WorldView World(string version, string summary) => new(new Dictionary<InstanceId, InstanceObservation>
    {
        [West] = new() { State = InstanceState.Running, Summary = summary, Facts = new Dictionary<string, string> { ["version"] = version } },
    });
}
