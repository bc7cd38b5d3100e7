using Xunit;

namespace Kedge.Simulation;

public class SimulationOfManySeeds
{
    private const int First = 1;

    [Fact]
    public void A_seed_repeats_itself_step_by_step()
    {
        for (var seed = First; seed < First + 20; seed++)
        {
            var once = Episode.Run(seed, Parts.Good, verbose: false);
            var again = Episode.Run(seed, Parts.Good, verbose: true);
            Assert.Equal((once.Fingerprint, once.Steps, once.Entries), (again.Fingerprint, again.Steps, again.Entries));
        }
    }
}
