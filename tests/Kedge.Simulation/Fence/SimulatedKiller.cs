using Kedge.Journal.Events;
using Kedge.Recover.Fence;
using Kedge.Simulation.Kernel;

namespace Kedge.Simulation.Fence;

/// <summary>Kills the processes of its own machine, stopped ones too, and can tell of no other.</summary>
internal sealed class SimulatedKiller(Scheduler scheduler, SimulatedProcess me, Func<NodeIdentity, SimulatedProcess?> find) : ISleeperKiller
{
    public async Task<bool> KillAsync(NodeIdentity node, CancellationToken cancellation)
    {
        if (IsDead(node))
        {
            return true;
        }

        if (node.Machine != me.Machine || node == me.Identity)
        {
            return false;
        }

        find(node)?.Kill();
        await Task.Delay(TimeSpan.FromMilliseconds(scheduler.Dice.Next(1, 5)), me.Clock, cancellation);
        return true;
    }

    /// <summary>The simulated store is never held locked.</summary>
    public Task<bool> KillStoppedAsync(int process, NodeIdentity? known, CancellationToken cancellation) => Task.FromResult(false);

    public bool IsDead(NodeIdentity node) => node.Machine == me.Machine && find(node) is null or { IsDead: true };
}
