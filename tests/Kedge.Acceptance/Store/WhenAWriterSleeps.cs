using Kedge.Acceptance.Demo;
using Kedge.Drivers.Programs;
using Kedge.Recover.Fence;
using Xunit;

namespace Kedge.Acceptance.Store;

/// <summary>A process that was stopped in the middle of a write holds the store locked, and with it everybody's recovery.</summary>
public sealed class WhenAWriterSleeps : IDisposable
{
    private const int Stop = 19;

    private readonly DirectoryInfo folder = FastFolder.Create("asleep");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task A_node_that_wants_to_lead_kills_it()
    {
        await using var first = Node("first");
        await LineAsync(first, "leading");
        await using var holder = HostProcess.Start("hold-store", folder.FullName);
        await holder.LinesAsync(1);
        await StopAsync(holder);
        await first.KillAsync();

        await using var second = Node("second");
        await LineAsync(second, "leading");

        await holder.EndAsync();
        Assert.Equal(128 + 9, holder.ExitCode);
        Assert.Contains(second.Lines, l => l.Contains($"Process {holder.Id} holds it locked", StringComparison.Ordinal));
        Assert.Contains($"process {holder.Id} had been stopped while it wrote to the store, and held it locked: killed", second.Lines);
        second.Input.Close();
        await second.EndAsync();
    }

    [Fact]
    public async Task Nobody_kills_one_that_runs_or_is_no_process_of_Kedge()
    {
        var killer = new ProcessSleeperKiller(everyNodeRunsHere: true, TimeProvider.System);
        await using var runs = HostProcess.Start("identity");
        await runs.LinesAsync(1);
        await using var other = HostProcess.StartWith([], ["/bin/sleep", "600"]);
        await StopAsync(other);
        var known = NodeIdentities.Current("known") with { Process = runs.Id, Started = LinuxProcesses.Look(runs.Id)!.Value.Started };

        Assert.False(await killer.KillStoppedAsync(runs.Id, known, Cancellation));
        Assert.False(await killer.KillStoppedAsync(other.Id, known, Cancellation));
        Assert.All([runs.Id, other.Id], id => Assert.NotNull(LinuxProcesses.Look(id)));
        await StopAsync(runs);
        Assert.True(await killer.KillStoppedAsync(runs.Id, known, Cancellation));
    }

    private HostProcess Node(string name) => HostProcess.Start("node", folder.FullName, name, "2000", "0", "none");

    private static async Task LineAsync(HostProcess host, string line)
    {
        for (var read = 1; !host.Lines.Contains(line); read++)
        {
            await host.LinesAsync(read);
        }
    }

    private static async Task StopAsync(HostProcess host)
    {
        ProcessTable.Signal(ProcessStat.Read(host.Id)!.Identity, Stop);
        await DemoWorlds.UntilAsync(() => ProcessStat.Read(host.Id) is { IsStopped: true }, "a process that was sent SIGSTOP is stopped");
    }
}
