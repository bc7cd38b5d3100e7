using Kedge.Drivers;
using Kedge.Plan.Model;
using Kedge.Recover.Fence;
using Kedge.Recover.Run;

namespace Kedge.Simulation.Planted;

/// <summary>
/// Planted: claim and epoch are looked at, and the lock is taken only then, for the act; under it nobody looks again. Who
/// sleeps in between, and wakes up when all has moved on, acts all the same.
/// </summary>
internal static class LooksBeforeItLocks
{
    public static EngineWorld Guards(EngineWorld world) => world with { Guards = new Looking(world.Guards) };

    public static IDriverAction Action(IDriverAction action, IInstanceGuards guards) => new Locking(action, guards);

    private sealed class Looking(IInstanceGuards guards) : IInstanceGuards
    {
        public async Task<IInstanceGuard> AcquireAsync(InstanceId instance, string? folder, CancellationToken cancellation)
        {
            await using var guard = await guards.AcquireAsync(instance, folder, cancellation);
            return new Seen(guards, instance, guard.Epoch);
        }
    }

    private sealed class Seen(IInstanceGuards guards, InstanceId instance, long epoch) : IInstanceGuard
    {
        public long Epoch => epoch;

        public async Task RaiseEpochAsync(long newer, SiteName activeSite, CancellationToken cancellation)
        {
            await using var guard = await guards.AcquireAsync(instance, null, cancellation);
            await guard.RaiseEpochAsync(newer, activeSite, cancellation);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class Locking(IDriverAction action, IInstanceGuards guards) : IDriverAction
    {
        public Task<Judgement> JudgeAsync(StepContext step, CancellationToken cancellation) => action.JudgeAsync(step, cancellation);

        public async Task<string> ActAsync(StepContext step, CancellationToken cancellation)
        {
            await using var guard = await guards.AcquireAsync(step.Instance!.Id, null, cancellation);
            return await action.ActAsync(step, cancellation);
        }

        public Task<Judgement> VerifyAsync(StepContext step, CancellationToken cancellation) => action.VerifyAsync(step, cancellation);

        public Task<IReadOnlyList<PreflightFinding>> PreflightAsync(StepContext step, CancellationToken cancellation) => action.PreflightAsync(step, cancellation);
    }
}
