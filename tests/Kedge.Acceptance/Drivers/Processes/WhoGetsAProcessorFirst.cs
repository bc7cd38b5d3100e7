using System.Globalization;
using Kedge.Acceptance.Demo;
using Kedge.Acceptance.Store;
using Kedge.Tests.CommandLine;
using Xunit;

namespace Kedge.Acceptance.Drivers.Processes;

public sealed class WhoGetsAProcessorFirst
{
    private const string SkipReason = "needs root: nobody else may go before others";

    public static bool IsRoot => Environment.UserName == "root";

    [Fact(Skip = SkipReason, SkipUnless = nameof(IsRoot))]
    public async Task A_node_goes_before_others()
    {
        var folder = FastFolder.Create("first");
        var plan = Path.Join(folder.FullName, "kedge.yaml");
        await File.WriteAllTextAsync(plan, Typed.ByHand, TestContext.Current.CancellationToken);
        await using (var node = HostProcess.StartWith([], [.. At(0), DemoWorlds.Program, "node", "--plan", plan, "--state", Path.Join(folder.FullName, "state")]))
        {
            await DemoWorlds.UntilAsync(() => NiceValueOf(node.Id) == "-10", "the node goes before others");
        }

        folder.Delete(recursive: true);
    }

    [Theory(Skip = SkipReason, SkipUnless = nameof(IsRoot))]
    [InlineData(0, "-10", "0")]
    [InlineData(5, "-5", "5")]
    [InlineData(-3, "-3", "-3")]
    public async Task What_it_starts_does_not(int given, string own, string child)
    {
        await using var host = HostProcess.StartWith([], [.. At(given), HostProcess.Program, "go-first"]);
        await host.EndAsync();
        Assert.Equal([own, child], host.Lines);
    }

    /// <summary>What starts a program at a nice value, whatever the tests themselves run at: nice(1) adds to that.</summary>
    private static string[] At(int value) =>
        ["/usr/bin/nice", "-n", $"{value - int.Parse(NiceValueOf(Environment.ProcessId), CultureInfo.InvariantCulture)}"];

    private static string NiceValueOf(int process)
    {
        var stat = File.ReadAllText($"/proc/{process}/stat");
        return stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[16];
    }
}
