using System.Runtime.InteropServices;
using System.Text.Json;
using Kedge.Acceptance.Demo;
using Kedge.Acceptance.Store;
using Kedge.Drivers.Programs;
using Kedge.Journal.Chain;
using Kedge.Journal.Events;
using Kedge.Recover.Fence;
using Xunit;

namespace Kedge.Acceptance.Fence;

/// <summary>Processes that lost their claim while they slept.</summary>
public sealed partial class Sleepers
{
    private readonly ProcessSleeperKiller killer = new(everyNodeRunsHere: false, TimeProvider.System);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_paused_process_is_killed()
    {
        await using var host = HostProcess.Start("identity");
        var node = await IdentityAsync(host);
        Assert.False(killer.IsDead(node));
        Assert.Equal(0, SendSignal(host.Id, 19));

        Assert.True(await killer.KillAsync(node, Cancellation));

        Assert.True(killer.IsDead(node));
        await host.EndAsync();
        Assert.Equal(128 + 9, host.ExitCode);
        Assert.True(await killer.KillAsync(node, Cancellation));
    }

    [Fact]
    public async Task A_zombie_is_dead()
    {
        // The shell's child ends, and the shell, which became sleep, never asks how.
        await using var parent = HostProcess.StartWith([], ["/bin/sh", "-c", "sleep 600 & echo $!; exec sleep 600"]);
        await parent.LinesAsync(1);
        var number = int.Parse(parent.Lines[0]);
        await DemoWorlds.UntilAsync(() => ProcessStat.Read(parent.Id) is { Name: "sleep" }, "the shell is a program that reaps nobody");
        var node = NodeIdentities.Current("test") with { Process = number, Started = LinuxProcesses.Look(number)!.Value.Started };
        Assert.False(killer.IsDead(node));

        Assert.True(await killer.KillAsync(node, Cancellation));

        Assert.Equal('Z', LinuxProcesses.Look(number)!.Value.State);
        Assert.True(killer.IsDead(node));
    }

    [Fact]
    public async Task A_number_that_was_given_out_again_is_not_killed()
    {
        await using var host = HostProcess.Start("identity");
        var node = await IdentityAsync(host);
        var earlier = node with { Started = node.Started - 1 };

        Assert.True(await killer.KillAsync(earlier, Cancellation));
        Assert.True(killer.IsDead(earlier));
        Assert.False(killer.IsDead(node));
    }

    [Fact]
    public async Task A_process_that_is_gone_is_dead()
    {
        await using var host = HostProcess.Start("identity");
        var node = await IdentityAsync(host);
        await host.KillAsync();

        Assert.True(killer.IsDead(node));
    }

    [Fact]
    public async Task It_does_not_kill_itself()
    {
        Assert.False(await killer.KillAsync(NodeIdentities.Current("test"), Cancellation));
        Assert.False(killer.IsDead(NodeIdentities.Current("test")));
    }

    [Fact]
    public async Task Of_another_boot_nothing_is_known_unless_every_node_runs_on_this_machine()
    {
        var other = NodeIdentities.Current("test") with { Machine = "0b4f0d5e-1111-2222-3333-444455556666/pid:[4026531836]", Process = 999_999_999 };

        Assert.False(killer.IsDead(other));
        Assert.False(await killer.KillAsync(other, Cancellation));
        Assert.True(new ProcessSleeperKiller(everyNodeRunsHere: true, TimeProvider.System).IsDead(other));
    }

    [Fact]
    public async Task A_number_counted_in_another_container_proves_nothing()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root, to count processes apart");
        await using var host = HostProcess.StartWith([], ["/usr/bin/unshare", "--pid", "--fork", "--mount-proc", HostProcess.Program, "identity"]);
        var contained = await IdentityAsync(host);
        Assert.Equal(1, contained.Process);
        Assert.False(killer.IsDead(contained with { Process = 999_999_999 }));
        Assert.False(await killer.KillAsync(contained with { Process = host.Id }, Cancellation));

        // And the other way round: in there no process has this one's number.
        var me = JsonSerializer.Serialize(NodeIdentities.Current("test"), JournalJson.Default.NodeIdentity);
        await using var inside = HostProcess.StartWith([], ["/usr/bin/unshare", "--pid", "--fork", "--mount-proc", HostProcess.Program, "is-dead", me]);
        await inside.LinesAsync(1);
        Assert.Equal(["False"], inside.Lines);
        await inside.EndAsync();
        host.Input.Close();
        await host.EndAsync();
    }

    [Fact]
    public async Task A_process_of_another_user_that_proc_hides_is_not_taken_for_dead()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root, to hide processes");
        var me = JsonSerializer.Serialize(NodeIdentities.Current("test"), JournalJson.Default.NodeIdentity);
        await using var hidden = HostProcess.StartWith(
            [],
            [
                "/usr/bin/unshare", "--mount", "/bin/sh", "-c",
                // At a place that the other user may enter, wherever the tests were built.
                "mount --bind \"$0\" /mnt && mount -t proc -o hidepid=invisible proc /proc && exec setpriv --reuid=65534 --regid=65534 --clear-groups -- \"/mnt/$1\" is-dead \"$2\"",
                Path.GetDirectoryName(HostProcess.Program)!, Path.GetFileName(HostProcess.Program), me,
            ]);
        await hidden.LinesAsync(1);

        Assert.Equal(["False"], hidden.Lines);
        await hidden.EndAsync();
    }

    [Fact]
    public async Task A_process_that_cannot_be_looked_at_for_want_of_descriptors_is_not_taken_for_dead()
    {
        await using var host = HostProcess.StartWith([], ["/usr/bin/prlimit", "--nofile=400", HostProcess.Program, "look-without-files"]);
        await host.LinesAsync(2);

        Assert.Equal(["1", "/proc/1/stat cannot be read: Too many open files"], host.Lines);
        await host.EndAsync();
    }

    private static async Task<NodeIdentity> IdentityAsync(HostProcess host)
    {
        await host.LinesAsync(1);
        return JsonSerializer.Deserialize(host.Lines[0], JournalJson.Default.NodeIdentity)!;
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int process, int signal);
}
