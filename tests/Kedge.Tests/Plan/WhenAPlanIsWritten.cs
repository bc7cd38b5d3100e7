using Kedge.Plan;
using Kedge.Plan.Text;
using Xunit;

namespace Kedge.Tests.Plan;

public class WhenAPlanIsWritten
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 10)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Reading_it_gives_the_same_plan_and_the_same_version(int seed)
    {
        var plans = new AnyPlan(new Random(seed));
        for (var i = 0; i < 30; i++)
        {
            var plan = plans.Next();
            var text = PlanText.Write(plan);

            var reading = SoundPlan.Read(text);

            Assert.True(reading.Plan is not null, $"seed {seed}, plan {i}:\n{string.Join('\n', reading.Problems.Where(p => p.IsError))}\n{text}");
            Assert.Equal(Structure.Of(plan with { Version = PlanText.VersionOf(text) }), Structure.Of(reading.Plan));
            Assert.Equal(text, PlanText.Write(reading.Plan));
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void The_order_of_keys_does_not_change_its_version(int seed)
    {
        var dice = new Random(seed);
        var plan = new AnyPlan(dice).Next();

        var shuffled = JsonText.Of(Shuffled(CanonicalTree.Of(plan), dice));

        Assert.Equal(PlanText.VersionOf(PlanText.Write(plan)), SoundPlan.Read(shuffled).Plan?.Version);
    }

    private static object Shuffled(object value, Random dice)
    {
        switch (value)
        {
            case TreeMap map:
                var shuffled = new TreeMap();
                foreach (var (name, inner) in map.Entries.OrderBy(_ => dice.Next()))
                {
                    shuffled.Add(name, Shuffled(inner, dice));
                }

                return shuffled;
            case List<object> items:
                return items.Select(i => Shuffled(i, dice)).ToList();
            default:
                return value;
        }
    }
}
