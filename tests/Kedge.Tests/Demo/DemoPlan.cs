using Kedge.Demo.World;
using Kedge.Nodes;
using Kedge.Plan;
using Kedge.Plan.Model;
using Kedge.Tests.Golden;
using Xunit;

namespace Kedge.Tests.Demo;

public class DemoPlan
{
    private static readonly WorldLayout Layout = new("/tmp/kedge-demo-example", 20001, 20002, 20003, 20004);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_plan_that_the_demo_writes_is_valid(bool synchronous)
    {
        var reading = new PlanReader(ControlPlane.Contracts).Read(
            [new("kedge.yaml", DemoPlanFile.Text(Layout, "/opt/kedge/kedge", synchronous, "anna"))]);

        Assert.Equal([], reading.Problems.Select(p => p.ToString()));
        var plan = reading.Plan!;
        Assert.Equal(["catalogue", "orders"], plan.Services.Select(s => s.Name.Value).Order());
        Assert.Equal(synchronous ? TimeSpan.Zero : TimeSpan.FromSeconds(5), plan.FindService(new("orders"))!.Objectives.Rpo);
        Assert.All(plan.Services, s => Assert.All(s.Components, c => Assert.NotNull(c.At(new SiteName("west")))));
    }

    [Fact]
    public void It_reads_as_a_person_would_have_written_it() =>
        GoldenFile.Matches(DemoPlanFile.Text(Layout, "/opt/kedge/kedge", synchronous: false, "anna"), "kedge.yaml");
}
