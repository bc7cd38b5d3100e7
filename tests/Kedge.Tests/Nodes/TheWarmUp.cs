using System.Diagnostics;
using Kedge.Nodes.Warming;
using Kedge.Recover.Run;
using Xunit;

namespace Kedge.Tests.Nodes;

public sealed class TheWarmUp : IDisposable
{
    private readonly string state = Directory.CreateTempSubdirectory("kedge-tests-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Plays_a_whole_failover_and_leaves_nothing()
    {
        Assert.Equal(RunStatus.AwaitingCommit, WarmUp.Play(state, TimeProvider.System, Cancellation));
        Assert.Empty(Directory.EnumerateFileSystemEntries(state));
    }

    [Fact]
    public void Leaves_nothing_when_it_is_broken_off()
    {
        WarmUp.Begin(state, TimeProvider.System, static _ => { }).Dispose();
        Assert.Empty(Directory.EnumerateFileSystemEntries(state));
    }

    [Fact]
    public void Tidies_up_after_a_node_that_was_killed_but_not_after_one_that_lives()
    {
        using var other = Process.Start("sleep", "600");
        var living = Directory.CreateDirectory(Path.Combine(state, $"warm-up-{other.Id}")).FullName;
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(state, $"warm-up-{int.MaxValue}")).FullName, "kedge.db"), "half written");
        try
        {
            WarmUp.Play(state, TimeProvider.System, Cancellation);
            Assert.Equal([living], Directory.EnumerateFileSystemEntries(state));
        }
        finally
        {
            other.Kill();
        }
    }

    public void Dispose() => Directory.Delete(state, recursive: true);
}
