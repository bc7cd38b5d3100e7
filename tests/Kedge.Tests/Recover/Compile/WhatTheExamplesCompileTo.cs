using System.Text;
using Kedge.Journal.Events;
using Kedge.Nodes;
using Kedge.Plan;
using Kedge.Plan.Model;
using Kedge.Recover.Compile;
using Kedge.Tests.Golden;
using Kedge.Tests.Plan;
using Xunit;

namespace Kedge.Tests.Recover.Compile;

/// <summary>Each scenario of each published plan, as the graph that somebody reviewed.</summary>
public class WhatTheExamplesCompileTo
{
    public static TheoryData<string, Scenario> Cases
    {
        get
        {
            var cases = new TheoryData<string, Scenario>();
            foreach (var example in TheExamples.Names)
            {
                foreach (var scenario in Enum.GetValues<Scenario>())
                {
                    cases.Add(example.Data, scenario);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Is_the_graph_that_was_reviewed(string example, Scenario scenario)
    {
        var plan = new PlanReader(ControlPlane.Contracts).Read(PlanFiles.Load(Path.Combine(Repository.Root, "examples", example))).Plan!;
        var text = new StringBuilder();
        foreach (var request in Requests(plan, scenario))
        {
            text.AppendLine(RecoveryPlanText.Of(new PlanCompiler(ControlPlane.Contracts).Compile(plan, request, ObservedState.Nothing)));
        }

        GoldenFile.Matches(text.ToString(), Path.Combine("Examples", $"{Path.GetFileNameWithoutExtension(example)}-{scenario}.txt"));
    }

    /// <summary>A site's loss and its maintenance move all that is served there; what befalls a service befalls it alone.</summary>
    private static IEnumerable<CompileRequest> Requests(KedgePlan plan, Scenario scenario)
    {
        var kind = scenario switch
        {
            Scenario.SiteLoss or Scenario.ServiceLoss => RunKind.Failover,
            Scenario.PlannedMaintenance => RunKind.Switchover,
            _ => RunKind.Restore,
        };
        var together = scenario is Scenario.SiteLoss or Scenario.PlannedMaintenance
            ? plan.Services.GroupBy(s => s.Primary.Value)
            : plan.Services.GroupBy(s => s.Name.Value);
        return
            from affected in together
            let moves = affected.Where(s => s.AllSites.Skip(1).Any()).Select(s => new Move(s.Name, s.Primary, s.AllSites.First(a => a != s.Primary))).ToList()
            where moves.Count > 0
            select new CompileRequest(kind, scenario, moves);
    }
}
