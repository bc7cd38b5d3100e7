using System.Diagnostics;
using System.Runtime.InteropServices;
using Kedge.Acceptance.Store;
using Kedge.Drivers;
using Kedge.Plan.Model;
using Kedge.Recover.Fence;
using Xunit;

namespace Kedge.Acceptance.Fence;

/// <summary>Locks and epochs of instances, between real processes.</summary>
public sealed partial class InstanceLocks : IDisposable
{
    private static readonly InstanceId East = InstanceId.Parse("orders/database@east");
    private static readonly InstanceId West = InstanceId.Parse("orders/database@west");
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("kedge-guard-");
    private readonly FileInstanceGuards guards;

    public InstanceLocks() => guards = new FileInstanceGuards(Path.Combine(folder.FullName, "state"), "journal", TimeProvider.System);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Beside => Path.Combine(folder.FullName, "east.kedge");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task Two_holders_in_one_process_exclude_each_other()
    {
        var first = await guards.AcquireAsync(East, Beside, Cancellation);
        var second = guards.AcquireAsync(East, Beside, Cancellation);
        await using (await guards.AcquireAsync(West, Path.Combine(folder.FullName, "west.kedge"), Cancellation))
        {
            Assert.False(second.IsCompleted);
        }

        await first.DisposeAsync();

        await (await second.WaitAsync(Deadline)).DisposeAsync();
    }

    [Fact]
    public async Task Waiting_for_a_lock_can_be_given_up()
    {
        await using var held = await guards.AcquireAsync(East, Beside, Cancellation);
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(20));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => guards.AcquireAsync(East, Beside, patience.Token).WaitAsync(Deadline));
    }

    [Fact]
    public async Task A_paused_process_keeps_its_lock_and_a_dead_one_loses_it_although_its_children_live()
    {
        await using var host = HostProcess.Start("hold", Beside, East.ToString());
        await host.LinesAsync(1);
        using var child = Process.GetProcessById(int.Parse(host.Lines[0].Split(' ')[1]));
        try
        {
            Assert.Equal(0, SendSignal(host.Id, 19));
            var waiting = guards.AcquireAsync(East, Beside, Cancellation);
            using (var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(100)))
            {
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => guards.AcquireAsync(East, Beside, patience.Token));
            }

            Assert.False(waiting.IsCompleted);
            await host.KillAsync();

            await using var guard = await waiting.WaitAsync(Deadline);
            Assert.False(child.HasExited);
        }
        finally
        {
            child.Kill();
        }
    }

    [Fact]
    public async Task A_lock_file_that_was_removed_while_waiting_guards_nothing()
    {
        var first = await guards.AcquireAsync(East, Beside, Cancellation);
        var waiting = guards.AcquireAsync(East, Beside, Cancellation);
        File.Delete(Path.Combine(Beside, "lock"));
        await using var second = await guards.AcquireAsync(East, Beside, Cancellation).WaitAsync(Deadline);

        await first.DisposeAsync();

        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(patience.Token));
        await second.DisposeAsync();
        await (await waiting.WaitAsync(Deadline)).DisposeAsync();
    }

    [Fact]
    public async Task An_epoch_is_0_before_the_first_and_is_there_for_the_next_holder()
    {
        await using (var guard = await guards.AcquireAsync(East, Beside, Cancellation))
        {
            Assert.Equal(0, guard.Epoch);
            Assert.Null(EpochFile.Read(Beside));
            await guard.RaiseEpochAsync(3, new SiteName("west"), Cancellation);
            await guard.RaiseEpochAsync(3, new SiteName("west"), Cancellation);
            Assert.Equal(3, guard.Epoch);
        }

        await using var next = await guards.AcquireAsync(East, Beside, Cancellation);
        Assert.Equal(3, next.Epoch);
        Assert.Equal(
            """{"epoch":3,"activeSite":"west","component":"orders/database","instance":"orders/database@east","journal":"journal"}""" + "\n",
            await File.ReadAllTextAsync(Path.Combine(Beside, EpochFile.Name), Cancellation));
        Assert.False(EpochFile.Read(Beside)!.IsActiveHere);
        Assert.Equal(["epoch.json", "lock"], Directory.GetFiles(Beside).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task An_epoch_never_falls_and_belongs_to_one_site()
    {
        await using var guard = await guards.AcquireAsync(East, Beside, Cancellation);
        await guard.RaiseEpochAsync(3, new SiteName("west"), Cancellation);

        await Assert.ThrowsAsync<InvalidOperationException>(() => guard.RaiseEpochAsync(2, new SiteName("west"), Cancellation));
        await Assert.ThrowsAsync<InvalidOperationException>(() => guard.RaiseEpochAsync(3, new SiteName("east"), Cancellation));
        Assert.Equal(3, EpochFile.Read(Beside)!.Epoch);
    }

    [Fact]
    public async Task A_guard_that_was_given_up_writes_nothing()
    {
        var guard = await guards.AcquireAsync(East, Beside, Cancellation);
        await guard.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => guard.RaiseEpochAsync(3, new SiteName("west"), Cancellation));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"epoch\":3")]
    [InlineData("{\"epoch\":3}")]
    [InlineData("{\"epoch\":0,\"activeSite\":\"west\",\"component\":\"orders/database\",\"instance\":\"orders/database@east\",\"journal\":\"journal\"}")]
    [InlineData("{\"epoch\":3,\"activeSite\":\"west\",\"component\":\"orders/database\",\"instance\":\"?\",\"journal\":\"journal\"}")]
    public async Task A_damaged_epoch_is_not_taken_for_none_and_the_lock_is_free_again(string content)
    {
        Directory.CreateDirectory(Beside);
        await File.WriteAllTextAsync(Path.Combine(Beside, EpochFile.Name), content, Cancellation);
        for (var i = 0; i < 2; i++)
        {
            var failure = await Assert.ThrowsAsync<DriverException>(() => guards.AcquireAsync(East, Beside, Cancellation).WaitAsync(Deadline));
            Assert.StartsWith($"the epoch in {Beside}/epoch.json cannot be read: ", failure.Message);
            Assert.Contains("make sure that no other instance accepts writes", failure.Hint);
        }
    }

    [Fact]
    public async Task An_epoch_of_another_instance_or_journal_is_refused()
    {
        await using (var guard = await guards.AcquireAsync(East, Beside, Cancellation))
        {
            await guard.RaiseEpochAsync(3, new SiteName("west"), Cancellation);
        }

        var shared = await Assert.ThrowsAsync<DriverException>(() => guards.AcquireAsync(West, Beside, Cancellation));
        Assert.Contains("is the epoch of orders/database@east, not of orders/database@west", shared.Message);
        var other = new FileInstanceGuards(folder.FullName, "another", TimeProvider.System);
        var foreign = await Assert.ThrowsAsync<DriverException>(() => other.AcquireAsync(East, Beside, Cancellation));
        Assert.Contains("is at epoch 3 of another journal (journal); this one is another", foreign.Message);
    }

    [Fact]
    public async Task Without_a_folder_beside_the_data_each_instance_has_one_in_the_state_folder()
    {
        await using var east = await guards.AcquireAsync(East, folder: null, Cancellation);
        await using var west = await guards.AcquireAsync(West, folder: null, Cancellation);
        await east.RaiseEpochAsync(1, new SiteName("east"), Cancellation);

        Assert.True(EpochFile.Read(Path.Combine(folder.FullName, "state", "guards", "orders.database@east"))!.IsActiveHere);
        Assert.Equal(0, west.Epoch);
    }

    [Fact]
    public async Task The_databases_own_user_reads_the_epoch_but_cannot_take_the_lock()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root, to become another user");
        File.SetUnixFileMode(folder.FullName, File.GetUnixFileMode(folder.FullName) | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        await using (var guard = await guards.AcquireAsync(East, Beside, Cancellation))
        {
            await guard.RaiseEpochAsync(3, new SiteName("west"), Cancellation);
        }

        Assert.Contains("\"epoch\":3", await AsNobodyAsync("cat", Path.Combine(Beside, EpochFile.Name)));
        Assert.Empty(await AsNobodyAsync("sh", "-c", "exec 2>/dev/null; exec flock --nonblock \"$0\" echo locked", Path.Combine(Beside, "lock")));
    }

    [Fact]
    public async Task A_link_planted_by_the_databases_user_is_not_followed()
    {
        Directory.CreateDirectory(Beside);
        var victim = Path.Combine(folder.FullName, "victim");
        await File.WriteAllTextAsync(victim, "precious", Cancellation);
        File.CreateSymbolicLink(Path.Combine(Beside, EpochFile.Name + ".tmp"), victim);
        await using (var guard = await guards.AcquireAsync(East, Beside, Cancellation))
        {
            await guard.RaiseEpochAsync(3, new SiteName("west"), Cancellation);
        }

        Assert.Equal("precious", await File.ReadAllTextAsync(victim, Cancellation));
        File.Delete(Path.Combine(Beside, "lock"));
        File.CreateSymbolicLink(Path.Combine(Beside, "lock"), victim);
        await Assert.ThrowsAsync<DriverException>(() => guards.AcquireAsync(East, Beside, Cancellation));
    }

    private static async Task<string> AsNobodyAsync(params string[] command)
    {
        await using var process = HostProcess.StartWith(
            [], ["/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--", .. command]);
        await process.EndAsync();
        return string.Join('\n', process.Lines);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int process, int signal);
}
