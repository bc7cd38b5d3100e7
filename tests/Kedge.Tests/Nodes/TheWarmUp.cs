using Kedge.Nodes.Warming;
using Kedge.Recover.Run;
using Xunit;

namespace Kedge.Tests.Nodes;

public class TheWarmUp
{
    [Fact]
    public void Plays_a_whole_failover() =>
        Assert.Equal(RunStatus.AwaitingCommit, WarmUp.Play(TimeProvider.System, TestContext.Current.CancellationToken));
}
