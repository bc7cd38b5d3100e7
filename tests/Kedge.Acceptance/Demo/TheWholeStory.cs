using System.Text.Json;
using Kedge.Acceptance.Store;
using Xunit;

namespace Kedge.Acceptance.Demo;

/// <summary><c>kedge demo --auto</c> from the disaster to the way home, as a person or a script gives it.</summary>
public sealed class TheWholeStory
{
    [Theory]
    [InlineData("kill", false)]
    [InlineData("hang", true)]
    public Task Promises_are_kept(string disaster, bool synchronous) => PlayAsync(disaster, synchronous);

    [Theory]
    [Trait("size", "long")]
    [InlineData("service", false)]
    [InlineData("hang", false)]
    [InlineData("kill", true)]
    [InlineData("service", true)]
    public Task Promises_are_kept_in_all_other_cases(string disaster, bool synchronous) => PlayAsync(disaster, synchronous);

    private static async Task PlayAsync(string disaster, bool synchronous)
    {
        await using var demo = HostProcess.StartWith(
            [], [DemoWorlds.Program, "demo", "--auto", "--json", "--disaster", disaster, .. synchronous ? (string[])["--sync"] : []]);
        await demo.EndAsync(TimeSpan.FromMinutes(4));
        using var outcome = JsonDocument.Parse(string.Join('\n', demo.Lines));
        var said = outcome.RootElement.ToString();

        Assert.True(demo.ExitCode == 0, said);
        Assert.True(outcome.RootElement.GetProperty("acknowledged").GetInt64() > 0, said);
        Assert.True(outcome.RootElement.GetProperty("rta").GetDouble() > 0, said);
        Assert.True(outcome.RootElement.GetProperty("writeAttempts").GetInt64() > 0, said);
        Assert.Equal(0, outcome.RootElement.GetProperty("overlaps").GetInt64());
        Assert.Equal(0, outcome.RootElement.GetProperty("home").GetProperty("lost").GetInt64());
        Assert.True(!synchronous || outcome.RootElement.GetProperty("missing").GetInt64() == 0, said);
    }
}
