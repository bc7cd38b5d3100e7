using Xunit;

namespace Kedge.Simulation;

public class SimulationOfManySeeds(ITestOutputHelper output)
{
    private const int First = 1;

    [Fact]
    public void Simulation_holds_for_10000_seeds()
    {
        if (Seeds.Repeated is { } seed)
        {
            var repeated = Episode.Run(seed, Parts.Good, verbose: true);
            output.WriteLine(repeated.Explain());
            Assert.Null(repeated.Violation);
            return;
        }

        var seeds = new Seeds(First, Seeds.Asked(10_000));
        var story = seeds.FindViolation(Parts.Good);
        output.WriteLine(seeds.Summary());
        Assert.True(story is null, story);
    }

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
