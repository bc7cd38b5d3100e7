using Kedge.Plan.Model;
using Kedge.Recover.Fence;

namespace Kedge.Simulation.Planted;

/// <summary>Planted: epochs are read and compared, and never written.</summary>
internal sealed class ForgetsEpochs(IInstanceGuards guards) : IInstanceGuards
{
    public async Task<IInstanceGuard> AcquireAsync(InstanceId instance, string? folder, CancellationToken cancellation) =>
        new Guard(await guards.AcquireAsync(instance, folder, cancellation));

    private sealed class Guard(IInstanceGuard guard) : IInstanceGuard
    {
        public long Epoch => guard.Epoch;

        public Task RaiseEpochAsync(long epoch, SiteName activeSite, CancellationToken cancellation) => Task.CompletedTask;

        public ValueTask DisposeAsync() => guard.DisposeAsync();
    }
}
