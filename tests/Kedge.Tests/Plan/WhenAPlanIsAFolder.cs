using Kedge.Plan;
using Xunit;

namespace Kedge.Tests.Plan;

public sealed class WhenAPlanIsAFolder : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("kedge-plan-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Its_yaml_files_are_one_plan_in_the_order_of_their_names()
    {
        var services = SoundPlan.Text.IndexOf("services:", StringComparison.Ordinal);
        Write("20-services.yaml", SoundPlan.Text[services..] + "  - { threat: Fire, likelihood: low, impact: high, treatment: Sprinklers }\n");
        Write("10-plan.yaml", SoundPlan.Text[..services] + "risks:\n  - { threat: Storm, likelihood: low, impact: high, treatment: Roof }\n");
        Write("30-nothing.yaml", "# nothing yet\n");
        Write("notes.txt", "not: [a plan");

        var reading = Read();

        Assert.Empty(reading.Problems);
        Assert.Equal(["Storm", "Flood at the east site", "Fire"], reading.Plan!.Risks.Select(r => r.Threat));
    }

    [Fact]
    public void A_file_that_is_broken_does_not_hide_what_is_wrong_in_another_nor_make_its_names_unknown()
    {
        var services = SoundPlan.Text.IndexOf("services:", StringComparison.Ordinal);
        Write("10-plan.yaml", "sites: {{{{\n");
        Write("20-services.yaml", SoundPlan.Text[services..].Replace("rto: 2h", "rto: 2", StringComparison.Ordinal));

        var reading = Read();

        Assert.Null(reading.Plan);
        Assert.Equal(["KP002", "KP013"], reading.Problems.Select(p => p.Code));
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_reported_beside_the_rest()
    {
        Write("10-plan.yaml", SoundPlan.Text);
        File.CreateSymbolicLink(Path.Combine(folder, "20-gone.yaml"), Path.Combine(folder, "nowhere"));

        var problem = Assert.Single(Read().Problems);

        Assert.Equal(("KP001", Path.Combine(folder, "20-gone.yaml")), (problem.Code, problem.File));
    }

    [Fact]
    public void A_file_that_begins_with_a_byte_order_mark_is_read()
    {
        File.WriteAllText(Path.Combine(folder, "plan.yaml"), SoundPlan.Text, new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: true));

        Assert.Empty(Read().Problems);
    }

    [Fact]
    public void A_device_without_end_is_not_read_to_its_end() =>
        Assert.Equal("KP005", Assert.Single(new PlanReader(SampleContracts.All).Read(PlanFiles.Load("/dev/zero")).Problems).Code);

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(folder, name), text);

    private PlanReading Read() => new PlanReader(SampleContracts.All).Read(PlanFiles.Load(folder));
}
