using Kedge.Plan.Model;
using Kedge.Recover.Fence;
using Kedge.Simulation.Kernel;

namespace Kedge.Simulation.Fence;

/// <summary>
/// The locks and epoch files of all instances. A lock is the kernel's: it goes when its holder dies and stays while that
/// is paused. An epoch is written beside, synced, and renamed; the power may fail in between.
/// </summary>
internal sealed class SimulatedGuards(Scheduler scheduler)
{
    private readonly Dictionary<InstanceId, SimulatedProcess> holders = [];
    private readonly Dictionary<InstanceId, EpochOnDisk> epochs = [];
    private readonly HashSet<SimulatedProcess> known = [];
    private int boots;

    private Scheduler Scheduler { get; } = scheduler;

    public SimulatedProcess? HolderOf(InstanceId instance) => holders.GetValueOrDefault(instance);

    /// <summary>What a boot finds; null where none was written.</summary>
    public EpochOnDisk? EpochOf(InstanceId instance) => epochs.GetValueOrDefault(instance);

    /// <summary>Epochs that were not renamed and synced are as if they had never been written.</summary>
    public void LosePower() => boots++;

    public IInstanceGuards OpenedBy(SimulatedProcess process)
    {
        if (known.Add(process))
        {
            process.Died += () => LetGo(process);
        }

        return new Guards(this, process);
    }

    private void LetGo(SimulatedProcess process)
    {
        foreach (var instance in holders.Where(h => h.Value == process).Select(h => h.Key).ToList())
        {
            holders.Remove(instance);
        }
    }

    private async Task<IInstanceGuard> AcquireAsync(SimulatedProcess by, InstanceId instance, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        await Task.Delay(TimeSpan.FromMilliseconds(Scheduler.Dice.Next(1, 3)), by.Clock, cancellation);
        while (!holders.TryAdd(instance, by))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(Scheduler.Dice.Next(4, 30)), by.Clock, cancellation);
        }

        return new Guard(this, by, instance);
    }

    private sealed class Guards(SimulatedGuards all, SimulatedProcess process) : IInstanceGuards
    {
        public Task<IInstanceGuard> AcquireAsync(InstanceId instance, string? folder, CancellationToken cancellation) =>
            all.AcquireAsync(process, instance, cancellation);
    }

    private sealed class Guard(SimulatedGuards all, SimulatedProcess process, InstanceId instance) : IInstanceGuard
    {
        private bool given;

        public long Epoch => all.EpochOf(instance)?.Epoch ?? 0;

        public Task RaiseEpochAsync(long epoch, SiteName activeSite, CancellationToken cancellation)
        {
            ObjectDisposedException.ThrowIf(given, this);
            cancellation.ThrowIfCancellationRequested();
            if (epoch < Epoch || epoch <= 0)
            {
                throw new InvalidOperationException($"{instance} is at epoch {Epoch}; it cannot go to {epoch}");
            }

            if (all.EpochOf(instance) is { } written && epoch == written.Epoch && written.ActiveSite != activeSite)
            {
                throw new InvalidOperationException($"under epoch {epoch} {written.ActiveSite} may be writable; {activeSite} needs a newer one");
            }

            var boot = all.boots;
            return new Operations(all.Scheduler).AskAsync(
                process,
                TimeSpan.FromMilliseconds(all.Scheduler.Dice.Next(1, 10)),
                () =>
                {
                    if (boot == all.boots)
                    {
                        all.epochs[instance] = new(epoch, activeSite);
                    }

                    return true;
                },
                onItsWay: 0.5,
                CancellationToken.None);
        }

        public ValueTask DisposeAsync()
        {
            if (!given && all.HolderOf(instance) == process)
            {
                all.holders.Remove(instance);
            }

            given = true;
            return ValueTask.CompletedTask;
        }
    }
}

/// <summary>An instance's epoch as a boot finds it.</summary>
/// <param name="ActiveSite">The site that may be writable under it.</param>
internal sealed record EpochOnDisk(long Epoch, SiteName ActiveSite);
