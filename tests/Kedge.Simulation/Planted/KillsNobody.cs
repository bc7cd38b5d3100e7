using Kedge.Journal.Events;
using Kedge.Recover.Fence;

namespace Kedge.Simulation.Planted;

/// <summary>Planted: says that a sleeper was killed, and lets it sleep.</summary>
internal sealed class KillsNobody(ISleeperKiller killer) : ISleeperKiller
{
    public Task<bool> KillAsync(NodeIdentity node, CancellationToken cancellation) => Task.FromResult(true);

    public Task<bool> KillStoppedAsync(int process, NodeIdentity? known, CancellationToken cancellation) => Task.FromResult(true);

    public bool IsDead(NodeIdentity node) => killer.IsDead(node);
}
