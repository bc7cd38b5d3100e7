using Kedge.Journal.Events;

namespace Kedge.Recover.Fence;

/// <summary>
/// Tells from the kernel whether a node's process lives, and kills it with SIGKILL, which a stopped process obeys too.
/// </summary>
/// <param name="everyNodeRunsHere">
/// True where the store is on this machine's own disk, so that every node in its journal ran on this machine: one of an
/// earlier boot is then dead. False where nodes of other machines use the store: another boot may be another machine.
/// </param>
public sealed class ProcessSleeperKiller(bool everyNodeRunsHere, TimeProvider time) : ISleeperKiller
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(2);

    private readonly string machine = LinuxProcesses.Machine();

    /// <summary>
    /// As the interface says; false for this process itself, and where the process cannot be killed (another user's).
    /// </summary>
    public async Task<bool> KillAsync(NodeIdentity node, CancellationToken cancellation)
    {
        if (IsDead(node))
        {
            return true;
        }

        if (node.Machine != machine || node.Process == Environment.ProcessId || node.Process <= 1)
        {
            return false;
        }

        if (!LinuxProcesses.KillIfStarted(node.Process, node.Started))
        {
            return IsDead(node);
        }

        while (!IsDead(node))
        {
            await Task.Delay(LookEvery, time, cancellation);
        }

        return true;
    }

    public async Task<bool> KillStoppedAsync(int process, NodeIdentity? known, CancellationToken cancellation)
    {
        if (LinuxProcesses.Look(process) is not { State: 'T' or 't' } seen)
        {
            return false;
        }

        var node = new NodeIdentity("", machine, process, seen.Started);
        return ((known is not null && known with { Name = "" } == node) || LinuxProcesses.RunsThisProgram(process))
            && await KillAsync(node, cancellation);
    }

    public bool IsDead(NodeIdentity node)
    {
        if (node.Machine != machine)
        {
            return everyNodeRunsHere && BootOf(node.Machine) != BootOf(machine);
        }

        // A zombie has ended and only waits for its parent to notice; where process 1 does not, it waits for ever.
        return LinuxProcesses.Look(node.Process) is { } seen
            ? seen.Started != node.Started || seen.State is 'Z' or 'X' or 'x'
            : LinuxProcesses.IsNone(node.Process);
    }

    private static string BootOf(string machine) => machine.Split('/')[0];
}
