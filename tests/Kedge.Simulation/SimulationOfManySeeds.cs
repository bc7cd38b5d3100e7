using Xunit;

namespace Kedge.Simulation;

public class SimulationOfManySeeds
{
    private const int First = 1;
    private const int Usual = 10_000;

    /// <summary>KEDGE_SIM_SEED=N plays one seed and tells all of it; KEDGE_SIM_SEEDS=N plays more or fewer.</summary>
    [Fact]
    public void No_seed_breaks_a_law()
    {
        if (Seeds.Repeated is { } seed)
        {
            var outcome = Episode.Run(seed, Parts.Good, verbose: true);
            TestContext.Current.TestOutputHelper?.WriteLine(outcome.Explain());
            Assert.True(outcome.Violation is null, outcome.Explain());
            return;
        }

        var seeds = new Seeds(First, Seeds.Asked(Usual));
        var broken = seeds.FindFirst(Parts.Good, static _ => true);
        TestContext.Current.TestOutputHelper?.WriteLine(seeds.Summary());
        Assert.True(broken is null, broken is null ? null : Story(broken.Seed));
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

    private static string Story(int seed) =>
        $"seed {seed} breaks a law; KEDGE_SIM_SEED={seed} repeats it\n{Episode.Run(seed, Parts.Good, verbose: true).Explain()}";
}
