using System.Text.Json;
using Kedge.Journal.Chain;
using Kedge.Journal.Events;
using Kedge.Nodes;
using Kedge.Plan;
using Kedge.Plan.Model;
using Kedge.Recover.Compile;
using Kedge.Tests.Golden;
using Xunit;

namespace Kedge.Tests.Recover.Compile;

public class WhatTheCompilerMakes
{
    private static readonly SiteName East = new("east");
    private static readonly SiteName West = new("west");

    public static TheoryData<string, RunKind, Scenario, bool> Cases => new()
    {
        { "site-loss", RunKind.Failover, Scenario.SiteLoss, true },
        { "switchover", RunKind.Switchover, Scenario.PlannedMaintenance, true },
        { "reprotect", RunKind.Reprotect, Scenario.SiteLoss, true },
        { "rollback", RunKind.Rollback, Scenario.SiteLoss, false },
        { "failback", RunKind.Failback, Scenario.PlannedMaintenance, false },
        { "data-corruption", RunKind.Restore, Scenario.DataCorruption, true },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Is_the_graph_that_was_reviewed(string name, RunKind kind, Scenario scenario, bool westwards) =>
        GoldenFile.Matches(RecoveryPlanText.Of(Compile(Shop(), kind, scenario, westwards)), $"{name}.txt");

    [Fact]
    public void Is_the_same_bytes_for_the_same_input()
    {
        static string Bytes() => JsonSerializer.Serialize(
            Compile(Shop(), RunKind.Failover, Scenario.SiteLoss, westwards: true), JournalJson.Default.RecoveryPlan);
        Assert.Equal(Bytes(), Bytes());
    }

    [Fact]
    public void Never_promotes_data_without_a_fence_or_stop_before_it()
    {
        foreach (var kind in (RunKind[])[RunKind.Failover, RunKind.Switchover, RunKind.Failback, RunKind.Rollback])
        {
            var plan = Compile(Shop(), kind, Scenario.SiteLoss, westwards: true);
            foreach (var promotion in plan.Steps.Where(s => s is { TakesEpoch: true, Fences: false }))
            {
                Assert.Contains(Before(plan, promotion), s => s.Fences && s.Instance!.Value.Component == promotion.Instance!.Value.Component);
            }
        }
    }

    [Fact]
    public void Asks_a_person_to_attest_what_no_node_can_reach()
    {
        var shop = Shop();
        var database = InstanceId.Parse("orders/database@east");
        var plan = Compile(shop, RunKind.Failover, Scenario.SiteLoss, westwards: true, new HashSet<InstanceId> { database });
        var step = Assert.Single(plan.Steps, s => s.Fences && s.Instance == database);
        Assert.Equal(StepKind.Confirm, step.Kind);
        Assert.Equal(West, step.At);
    }

    [Fact]
    public void Uses_the_sites_fence_command_where_the_plan_names_one()
    {
        var shop = Shop("    fence: [/usr/local/sbin/cut-power, east]\n");
        var database = InstanceId.Parse("orders/database@east");
        var plan = Compile(shop, RunKind.Failover, Scenario.SiteLoss, westwards: true, new HashSet<InstanceId> { database });
        var step = Assert.Single(plan.Steps, s => s.Fences && s.Instance == database);
        Assert.Equal(("command", West, "cut-off orders/database@east"), (step.Driver, step.At, step.Id));
    }

    private static IEnumerable<RecoveryStep> Before(RecoveryPlan plan, RecoveryStep step) =>
        step.Needs.Select(n => plan.Find(n)!).SelectMany(s => Before(plan, s).Append(s));

    private static RecoveryPlan Compile(
        KedgePlan plan, RunKind kind, Scenario scenario, bool westwards, IReadOnlySet<InstanceId>? outOfReach = null)
    {
        var moves = plan.Services.Select(s => westwards ? new Move(s.Name, East, West) : new Move(s.Name, West, East)).ToList();
        return new PlanCompiler(ControlPlane.Contracts).Compile(
            plan, new(kind, scenario, moves), new() { OutOfReach = outOfReach ?? new HashSet<InstanceId>() });
    }

    private static KedgePlan Shop(string east = "")
    {
        var text = ShopPlan.Text.Replace("    title: East\n", $"    title: East\n{east}", StringComparison.Ordinal);
        var reading = new PlanReader(ControlPlane.Contracts).Read([new PlanSource("kedge.yaml", text)]);
        Assert.True(reading.Plan is not null, string.Join('\n', reading.Problems));
        return reading.Plan;
    }
}
