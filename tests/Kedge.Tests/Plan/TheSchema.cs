using System.Text.Json;
using Kedge.Plan;
using Kedge.Tests.Golden;
using Xunit;

namespace Kedge.Tests.Plan;

public class TheSchema
{
    private static readonly SchemaJudge Sample = new(PlanSchema.Write(SampleContracts.All));
    private static readonly SchemaJudge Real = new(PlanSchema.Write(KnownContracts.All));

    /// <summary>Codes of what is wrong with one value, which an editor should underline without knowing the rest of the plan.</summary>
    private static readonly string[] Local = ["KP010", "KP011", "KP012", "KP013", "KP014", "KP015", "KP016", "KP017", "KP018", "KP019", "KP023", "KP024"];

    /// <summary>Local, but beyond what a schema can say.</summary>
    private static readonly string[] Beyond =
    [
        "KP010 a list as a key", "KP013 a control character", "KP013 a duration too fine", "KP015 a duration too short", "KP015 a percentage too large",
        "KP015 a size too small",
    ];

    public static TheoryData<string> LocalCases => [.. EachRulePrints.Names.Select(n => n.Data).Where(n => Local.Contains(n[..5]) && !Beyond.Contains(n))];

    public static TheoryData<string> OtherCases => [.. EachRulePrints.Names.Select(n => n.Data).Where(n => n[0] != 'K' || string.CompareOrdinal(n[..5], "KP020") >= 0).Where(n => !Local.Contains(n[..5]))];

    [Fact]
    public void Is_written_down() => GoldenFile.Matches(PlanSchema.Write(SampleContracts.All), "schema.json");

    [Fact]
    public void Accepts_the_sound_plan_and_its_canonical_text()
    {
        Assert.True(Sample.Accepts(SoundPlan.Text));
        Assert.True(Sample.Accepts(PlanText.Write(SoundPlan.Read(SoundPlan.Text).Plan!)));
    }

    [Theory]
    [MemberData(nameof(LocalCases))]
    public void Refuses_what_is_wrong_with_a_single_value(string name) => Assert.False(Sample.Accepts(EachRulePrints.Broken(name)));

    [Theory]
    [MemberData(nameof(OtherCases))]
    public void Accepts_what_only_the_whole_plan_shows(string name) => Assert.True(Sample.Accepts(EachRulePrints.Broken(name)));

    [Theory]
    [MemberData(nameof(TheExamples.Names), MemberType = typeof(TheExamples))]
    public void Accepts_the_examples(string name)
    {
        var plan = new PlanReader(KnownContracts.All).Read(PlanFiles.Load(Path.Combine(Repository.Root, "examples", name))).Plan!;

        Assert.True(Real.Accepts(PlanText.Write(plan)));
    }

    [Theory]
    [MemberData(nameof(TheTemplates.Names), MemberType = typeof(TheTemplates))]
    public void Accepts_the_templates(string name) => Assert.True(Real.Accepts(PlanTemplates.Find(name)!.Text));

    [Fact]
    public void Describes_every_key_and_every_option()
    {
        using var schema = JsonDocument.Parse(PlanSchema.Write(KnownContracts.All));

        var definitions = schema.RootElement.GetProperty("$defs").EnumerateObject().Select(d => d.Value).Append(schema.RootElement);
        Assert.All(
            definitions.SelectMany(d => d.GetProperty("properties").EnumerateObject()),
            p => Assert.NotEmpty(p.Value.GetProperty("description").GetString()!));
    }
}
