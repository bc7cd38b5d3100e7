using Kedge.Journal.Events;

namespace Kedge.Recover.Fence;

/// <summary>Names this process so that another on the same machine can tell whether it lives.</summary>
public static class NodeIdentities
{
    /// <param name="name">What people call the node.</param>
    public static NodeIdentity Current(string name)
    {
        var self = LinuxProcesses.Look(Environment.ProcessId)
            ?? throw new InvalidOperationException("/proc does not show this process: is it mounted?");
        return new NodeIdentity(name, LinuxProcesses.Machine(), Environment.ProcessId, self.Started);
    }
}
