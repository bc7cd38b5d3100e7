using Kedge.Plan;
using Xunit;

namespace Kedge.Tests.Plan;

public class TheExamples
{
    public static TheoryData<string> Names =>
    [
        .. Directory.GetFileSystemEntries(Path.Combine(Repository.Root, "examples"))
            .Where(e => Directory.Exists(e) ? Directory.EnumerateFiles(e, "*.yaml").Any() : e.EndsWith(".yaml", StringComparison.Ordinal))
            .Select(e => Path.GetFileName(e)).Order(StringComparer.Ordinal),
    ];

    [Fact]
    public void Are_one_for_each_situation_and_the_smallest()
    {
        Assert.Equal(
            ["platform-under-a-policy", "smallest.yaml", "three-levels-of-backup.yaml", "two-sites-in-three-regions.yaml"],
            Names.Select(n => n.Data));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Hold_nothing_that_is_wrong_or_warned_of_without_being_meant(string name)
    {
        var sources = PlanFiles.Load(Path.Combine(Repository.Root, "examples", name));
        var reading = new PlanReader(KnownContracts.All).Read(sources);

        Assert.Equal("", string.Join('\n', reading.Problems));
        Assert.NotNull(reading.Plan);
        Assert.All(reading.Accepted, a => Assert.NotEmpty(a.Because));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Mean_the_same_in_their_canonical_text(string name)
    {
        var reader = new PlanReader(KnownContracts.All);
        var plan = reader.Read(PlanFiles.Load(Path.Combine(Repository.Root, "examples", name))).Plan!;

        var again = reader.Read([new("canonical", PlanText.Write(plan))]);

        Assert.Equal("", string.Join('\n', again.Problems));
        Assert.Equal(plan.Version, again.Plan!.Version);
        Assert.Empty(PlanDiff.Between(plan, again.Plan));
        Assert.Equal(Structure.Of(plan), Structure.Of(again.Plan));
    }
}
