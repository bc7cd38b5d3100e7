using Kedge.Plan.Model;
using Kedge.Recover.Run;
using Kedge.Tests.CommandLine;
using Xunit;

namespace Kedge.Tests.Recover.Run;

public class WhatAStepIsTold
{
    [Theory]
    [InlineData(RunKind.Failover, Scenario.SiteLoss, true)]
    [InlineData(RunKind.Failover, Scenario.ServiceLoss, false)]
    [InlineData(RunKind.Failover, Scenario.PlannedMaintenance, false)]
    [InlineData(RunKind.Failover, Scenario.DataCorruption, false)]
    [InlineData(RunKind.Failback, Scenario.SiteLoss, false)]
    [InlineData(RunKind.Reprotect, Scenario.SiteLoss, false)]
    [InlineData(RunKind.Switchover, Scenario.PlannedMaintenance, false)]
    public void Only_the_failover_from_a_lost_site_leaves_that_site_alone(RunKind kind, Scenario scenario, bool lost)
    {
        var run = HarbourJournal.SiteLost().Run;
        Assert.Equal(lost ? Harbour.East : null, StepContexts.LostIn(run.Planned with { Kind = kind, Scenario = scenario }, run.MoveOf(Harbour.Orders)));
    }
}
