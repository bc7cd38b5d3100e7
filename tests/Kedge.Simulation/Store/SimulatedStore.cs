using Kedge.Simulation.Kernel;
using Kedge.Store;

namespace Kedge.Simulation.Store;

/// <summary>
/// The store that all processes share, on a disk of its own: what was written is gone when the power fails before it was
/// synced. One writer at a time; an append is visible and acknowledged once it is synced.
/// </summary>
/// <param name="acknowledgesBeforeSync">A planted bug: visible and acknowledged at once, synced when the disk gets to it.</param>
internal sealed class SimulatedStore(Scheduler scheduler, bool acknowledgesBeforeSync)
{
    private readonly List<ReadOnlyMemory<byte>> records = [];
    private readonly List<(long After, SimulatedProcess Process, TaskCompletionSource Told)> watchers = [];
    private readonly Queue<Action> queue = [];
    private readonly Dictionary<string, LeaseHolding> leases = [];
    private Dictionary<string, ReadOnlyMemory<byte>> latest = [];
    private Dictionary<string, ReadOnlyMemory<byte>> latestOnDisk = [];
    private TimeSpan latestSyncedAt;
    private bool writing;
    private Action? onDiskNotYetKnown;
    private int synced;
    private int boots;

    /// <summary>Records that everybody can read.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Records => records;

    /// <summary>How many records were acknowledged to whoever appended them.</summary>
    public int Acknowledged { get; private set; }

    /// <summary>What is wrong with it just now.</summary>
    public StoreTrouble Trouble { get; set; }

    /// <summary>Told of each append as soon as it can be read, with the process that made it.</summary>
    public event Action<int, SimulatedProcess>? Appended;

    /// <summary>Unsynced writes are gone; so is whatever was on its way. Says how many acknowledged records were lost.</summary>
    public int LosePower()
    {
        boots++;
        writing = false;
        if (onDiskNotYetKnown is { } wholly && scheduler.Dice.Next(2) == 0)
        {
            // The last page of it had made it to the disk: it is there, although nobody was ever told.
            wholly();
        }

        onDiskNotYetKnown = null;
        if (acknowledgesBeforeSync)
        {
            records.RemoveRange(synced, records.Count - synced);
        }

        latest = new(latestOnDisk);
        var waiting = queue.ToList();
        queue.Clear();
        waiting.ForEach(w => w());
        return Math.Max(0, Acknowledged - records.Count);
    }

    public ValueTask<bool> AppendAsync(SimulatedProcess by, long expected, IReadOnlyList<ReadOnlyMemory<byte>> added)
    {
        var answer = new TaskCompletionSource<bool>();
        Arrive(by, () => Write(by, expected, added, answer), answer);
        return new(answer.Task);
    }

    public ValueTask<IReadOnlyList<StoredRecord>> ReadAsync(SimulatedProcess by, long after, int limit)
    {
        var answer = new TaskCompletionSource<IReadOnlyList<StoredRecord>>();
        Arrive(by, () =>
        {
            var page = new List<StoredRecord>();
            for (var i = (int)after; i < records.Count && page.Count < limit; i++)
            {
                page.Add(new(i + 1, records[i]));
            }

            answer.SetResult(page);
        }, answer, reads: true);
        return new(answer.Task);
    }

    public ValueTask WaitAsync(SimulatedProcess by, long after, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellation);
        }

        var told = new TaskCompletionSource();
        cancellation.UnsafeRegister(static (a, token) => ((TaskCompletionSource)a!).TrySetCanceled(token), told);
        watchers.Add((after, by, told));
        Tell();
        return new(told.Task);
    }

    public ValueTask<LeaseHolding> TryLeaseAsync(SimulatedProcess by, string name, string holder, TimeSpan duration)
    {
        var answer = new TaskCompletionSource<LeaseHolding>();
        var asked = scheduler.Now;
        Arrive(by, () =>
        {
            if (leases.TryGetValue(name, out var held) && held.Holder != holder && held.Until > scheduler.Now)
            {
                answer.SetResult(held);
                return;
            }

            answer.SetResult(leases[name] = new(name, holder, scheduler.Now + duration));
        }, answer);
        return new(answer.Task);
    }

    public ValueTask ReleaseAsync(SimulatedProcess by, string name, string holder)
    {
        var answer = new TaskCompletionSource<bool>();
        Arrive(by, () =>
        {
            if (leases.TryGetValue(name, out var held) && held.Holder == holder)
            {
                leases.Remove(name);
            }

            answer.SetResult(true);
        }, answer);
        return new(answer.Task);
    }

    public ValueTask PutLatestAsync(SimulatedProcess by, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> values)
    {
        var answer = new TaskCompletionSource<bool>();
        Arrive(by, () =>
        {
            foreach (var (key, value) in values)
            {
                latest[key] = value;
            }

            if (scheduler.Elapsed - latestSyncedAt >= TimeSpan.FromSeconds(1))
            {
                latestSyncedAt = scheduler.Elapsed;
                latestOnDisk = new(latest);
            }

            answer.SetResult(true);
        }, answer);
        return new(answer.Task);
    }

    public ValueTask<IReadOnlyDictionary<string, ReadOnlyMemory<byte>>> LatestAsync(SimulatedProcess by, string prefix)
    {
        var answer = new TaskCompletionSource<IReadOnlyDictionary<string, ReadOnlyMemory<byte>>>();
        Arrive(by, () => answer.SetResult(latest.Where(l => l.Key.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary()), answer, reads: true);
        return new(answer.Task);
    }

    /// <summary>
    /// A request gets there after a while. One of a process that was stopped meanwhile may wait with it; one of a dead
    /// process is never made.
    /// </summary>
    private void Arrive<T>(SimulatedProcess by, Action serve, TaskCompletionSource<T> answer, bool reads = false)
    {
        var boot = boots;
        scheduler.After(Latency(), () =>
        {
            if (by.IsDead || Broken(boot, answer))
            {
                return;
            }

            if (by.IsPaused && scheduler.Dice.Next(2) == 0)
            {
                scheduler.Post(by, _ => Arrive(by, serve, answer, reads), null);
            }
            else if (Trouble is StoreTrouble.Unreachable || (Trouble is StoreTrouble.Full && !reads))
            {
                answer.SetException(new StoreException(Trouble is StoreTrouble.Full ? "the store's disk is full" : "the store does not answer"));
            }
            else
            {
                serve();
            }
        });
    }

    private void Write(SimulatedProcess by, long expected, IReadOnlyList<ReadOnlyMemory<byte>> added, TaskCompletionSource<bool> answer)
    {
        if (writing)
        {
            var queued = boots;
            queue.Enqueue(() =>
            {
                if (!Broken(queued, answer))
                {
                    Write(by, expected, added, answer);
                }
            });
            return;
        }

        if (expected > records.Count)
        {
            answer.SetException(new StoreException($"the store ends at {records.Count}, before {expected}: it was cut off"));
            return;
        }

        if (expected < records.Count)
        {
            answer.SetResult(false);
            return;
        }

        if (by.IsDead)
        {
            return;
        }

        if (acknowledgesBeforeSync)
        {
            Publish(by, added);
            Acknowledge(by, answer);
            SyncSoon();
            return;
        }

        writing = true;
        var boot = boots;
        onDiskNotYetKnown = () => Publish(by, added);
        scheduler.After(SyncTime(), () =>
        {
            if (Broken(boot, answer))
            {
                return;
            }

            onDiskNotYetKnown = null;
            writing = false;
            Publish(by, added);
            Acknowledge(by, answer);
            while (!writing && queue.TryDequeue(out var next))
            {
                next();
            }
        });
    }

    private void Publish(SimulatedProcess by, IReadOnlyList<ReadOnlyMemory<byte>> added)
    {
        var before = records.Count;
        records.AddRange(added);
        if (!acknowledgesBeforeSync)
        {
            synced = records.Count;
        }

        Appended?.Invoke(before, by);
        Tell();
    }

    private void Acknowledge(SimulatedProcess by, TaskCompletionSource<bool> answer)
    {
        var upTo = records.Count;
        var boot = boots;
        var lost = Trouble is StoreTrouble.LosesAnswers && scheduler.Dice.Next(2) == 0;
        scheduler.After(Latency(), () =>
        {
            if (by.IsDead || Broken(boot, answer))
            {
                return;
            }

            if (lost)
            {
                answer.SetException(new StoreException("the store was asked to append and did not answer: nobody knows whether it did"));
                return;
            }

            Acknowledged = Math.Max(Acknowledged, upTo);
            answer.SetResult(true);
        });
    }

    /// <summary>Whoever asked before the power failed, and lives, is told that the connection is gone.</summary>
    private bool Broken<T>(int boot, TaskCompletionSource<T> answer) =>
        boot != boots && answer.TrySetException(new StoreException("the store went away: nobody knows whether it did what it was asked"));

    private void SyncSoon()
    {
        var boot = boots;
        var upTo = records.Count;
        scheduler.After(TimeSpan.FromMilliseconds(scheduler.Dice.Next(20, 500)), () =>
        {
            if (boot == boots)
            {
                synced = Math.Max(synced, upTo);
            }
        });
    }

    private void Tell()
    {
        for (var i = watchers.Count - 1; i >= 0; i--)
        {
            var (after, process, told) = watchers[i];
            if (process.IsDead || told.Task.IsCompleted)
            {
                watchers.RemoveAt(i);
            }
            else if (after < records.Count)
            {
                watchers.RemoveAt(i);
                scheduler.After(Latency(), () => told.TrySetResult());
            }
        }
    }

    private TimeSpan Latency() => TimeSpan.FromMilliseconds(Trouble is StoreTrouble.Slow ? scheduler.Dice.Next(1, 1500) : scheduler.Dice.Next(0, 3));

    private TimeSpan SyncTime() => TimeSpan.FromMilliseconds(Trouble is StoreTrouble.Slow ? scheduler.Dice.Next(5, 1500) : scheduler.Dice.Next(1, 8));
}

/// <summary>What can be wrong with a store.</summary>
internal enum StoreTrouble
{
    None,

    /// <summary>Nothing can be written.</summary>
    Full,

    /// <summary>Nothing can be read or written.</summary>
    Unreachable,

    /// <summary>Everything takes long.</summary>
    Slow,

    /// <summary>Appends happen, but whoever made them is often told that nobody knows.</summary>
    LosesAnswers,
}
