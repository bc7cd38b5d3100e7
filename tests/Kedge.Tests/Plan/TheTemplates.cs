using Kedge.Plan;
using Xunit;

namespace Kedge.Tests.Plan;

public class TheTemplates
{
    public static TheoryData<string> Names => [.. PlanTemplates.All.Select(t => t.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Are_plans_in_which_nothing_is_wrong_or_warned_of(string name)
    {
        var template = PlanTemplates.Find(name)!;

        var reading = new PlanReader(KnownContracts.All).Read([new($"{name}.yaml", template.Text)]);

        Assert.Equal("", string.Join('\n', reading.Problems));
        Assert.NotNull(reading.Plan);
        Assert.StartsWith("#", template.Text, StringComparison.Ordinal);
        Assert.EndsWith(".", template.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void Are_found_by_name_or_not_at_all() => Assert.Null(PlanTemplates.Find("enormous"));
}
