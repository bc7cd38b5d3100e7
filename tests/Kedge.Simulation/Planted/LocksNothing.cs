using Kedge.Plan.Model;
using Kedge.Recover.Fence;

namespace Kedge.Simulation.Planted;

/// <summary>Planted: the lock is let go as soon as it was had.</summary>
internal sealed class LocksNothing(IInstanceGuards guards) : IInstanceGuards
{
    public async Task<IInstanceGuard> AcquireAsync(InstanceId instance, string? folder, CancellationToken cancellation)
    {
        var guard = await guards.AcquireAsync(instance, folder, cancellation);
        await guard.DisposeAsync();
        return guard;
    }
}
