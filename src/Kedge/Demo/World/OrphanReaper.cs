using System.Runtime.InteropServices;
using Kedge.Drivers.Programs;

namespace Kedge.Demo.World;

/// <summary>
/// Adopts the servers whose starter has ended (a run that was interrupted, say) and reaps them when they die. Where
/// process 1 does not reap, they would stay zombies for ever.
/// </summary>
internal sealed class OrphanReaper : IDisposable
{
    /// <summary>Whoever started a child itself reaps it within milliseconds; what is still a zombie after this is an orphan.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(400);

    private readonly TimeProvider time;
    private readonly PosixSignalRegistration onDeath;
    private readonly ITimer timer;
    private readonly Lock looking = new();
    private HashSet<ProcessIdentity> seen = [];

    public OrphanReaper(TimeProvider time)
    {
        this.time = time;
        NativeCalls.AdoptOrphans();
        timer = time.CreateTimer(_ => Reap(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        onDeath = PosixSignalRegistration.Create(PosixSignal.SIGCHLD, _ => timer.Change(Grace, Timeout.InfiniteTimeSpan));
    }

    /// <summary>Reaps what is left, after the grace that others have to reap their own.</summary>
    public async Task FinishAsync(CancellationToken cancellation)
    {
        while (Reap() > 0)
        {
            await Task.Delay(Grace, time, cancellation);
        }
    }

    public void Dispose()
    {
        onDeath.Dispose();
        timer.Dispose();
    }

    /// <summary>Reaps the zombies that were there at the last look already; returns how many are left.</summary>
    private int Reap()
    {
        lock (looking)
        {
            var zombies = ProcessTable.All()
                .Where(p => p.Parent == Environment.ProcessId && p.IsDead)
                .Select(p => p.Identity)
                .ToHashSet();
            foreach (var orphan in zombies.Where(seen.Contains))
            {
                NativeCalls.Reap(orphan.Pid);
            }

            seen = [.. zombies.Except(seen)];
            if (seen.Count > 0)
            {
                timer.Change(Grace, Timeout.InfiniteTimeSpan);
            }

            return seen.Count;
        }
    }
}
