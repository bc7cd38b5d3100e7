using Xunit;

namespace Kedge.Simulation;

public class SimulationOfManySeeds
{
    [Fact]
    public void Simulation_holds_for_10000_seeds()
    {
        var seeds = new Seeds(first: 1, count: Seeds.Asked(10_000));
        Assert.Null(seeds.FindViolation(Parts.Good));
    }
}
