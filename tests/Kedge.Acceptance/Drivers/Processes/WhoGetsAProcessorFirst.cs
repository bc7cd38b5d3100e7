using Kedge.Acceptance.Store;
using Xunit;

namespace Kedge.Acceptance.Drivers.Processes;

public sealed class WhoGetsAProcessorFirst
{
    private const string SkipReason = "needs root: nobody else may go before others";

    public static bool IsRoot => Environment.UserName == "root";

    [Fact(Skip = SkipReason, SkipUnless = nameof(IsRoot))]
    public async Task A_node_goes_before_others_and_what_it_starts_does_not()
    {
        await using var host = HostProcess.Start("go-first");
        await host.EndAsync();
        Assert.Equal(["-10", "0"], host.Lines);
    }
}
