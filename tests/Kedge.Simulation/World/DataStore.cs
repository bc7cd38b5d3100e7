using Kedge.Plan.Model;
using Kedge.Simulation.Kernel;

namespace Kedge.Simulation.World;

/// <summary>A replicated data store: its copies at the sites, and what goes from one to the other.</summary>
internal sealed class DataStore
{
    private readonly Scheduler scheduler;
    private readonly List<(DataCopy Primary, long Serial, int Position, TaskCompletionSource<bool> Committed)> commits = [];
    private long serial;

    public DataStore(Scheduler scheduler, Component component, bool synchronous)
    {
        (this.scheduler, Id, Synchronous) = (scheduler, component.Id, synchronous);
        Copies = [.. component.Instances.Select(i => new DataCopy(i.Id))];
        var primary = Copies[0];
        (primary.Up, primary.IsPrimary, primary.CommitsWait) = (true, true, synchronous);
        foreach (var standby in Copies.Skip(1))
        {
            (standby.Up, standby.Source) = (true, primary);
        }
    }

    public ComponentId Id { get; }

    public bool Synchronous { get; }

    public IReadOnlyList<DataCopy> Copies { get; }

    /// <summary>Told whenever a copy's state changed.</summary>
    public event Action<DataCopy>? Changed;

    public DataCopy At(SiteName site) => Copies.First(c => c.Id.Site == site);

    /// <summary>Appends to a primary's log and sends it on.</summary>
    public LogEntry Append(DataCopy primary, EntryKind kind, long number, long epoch, SiteName site)
    {
        var entry = new LogEntry(++serial, kind, number, epoch, site, scheduler.Now);
        primary.Log.Add(entry);
        SendFrom(primary);
        return entry;
    }

    /// <summary>A client's write: true once it is committed, with the standby where that is asked for; false, or never, otherwise.</summary>
    public (LogEntry Entry, Task<bool> Committed) Write(DataCopy primary)
    {
        var entry = Append(primary, EntryKind.Order, 0, 0, primary.Id.Site);
        if (!primary.CommitsWait)
        {
            return (entry, Task.FromResult(true));
        }

        var committed = new TaskCompletionSource<bool>();
        commits.Add((primary, entry.Serial, primary.Log.Count, committed));
        return (entry, committed.Task);
    }

    /// <summary>To be called after any change of a copy: sends what can be sent, settles commits, tells the laws.</summary>
    public void Touch(DataCopy copy)
    {
        foreach (var primary in Copies.Where(c => c.AcceptsWrites))
        {
            SendFrom(primary);
        }

        SettleCommits();
        Changed?.Invoke(copy);
    }

    /// <summary>Ends a copy's server as SIGKILL or a power failure would.</summary>
    public void Crash(DataCopy copy)
    {
        if (copy.Up)
        {
            (copy.Up, copy.Hung, copy.StoppedCleanly) = (false, false, false);
            Touch(copy);
        }
    }

    /// <summary>The last act of a fast stop: what is in the log goes to whoever follows, then the server is gone.</summary>
    public void StopCleanly(DataCopy copy)
    {
        if (!copy.Up)
        {
            return;
        }

        foreach (var standby in Copies.Where(c => c.Follows(copy) && c.Answers && c.Lag < TimeSpan.FromSeconds(1)))
        {
            Receive(copy, standby, copy.Log.Count);
        }

        (copy.Up, copy.Hung, copy.StoppedCleanly) = (false, false, true);
        Touch(copy);
    }

    private void SendFrom(DataCopy primary)
    {
        if (!primary.Answers)
        {
            return;
        }

        foreach (var standby in Copies)
        {
            if (!standby.Receiving && standby.Log.Count < primary.Log.Count && standby.Follows(primary) && standby.Answers && standby.IsPrefixOf(primary))
            {
                Send(primary, standby);
            }
        }
    }

    private void Send(DataCopy primary, DataCopy standby)
    {
        standby.Receiving = true;
        var sent = primary.Log.Count;
        var newest = primary.Log[^1].Serial;
        scheduler.After(standby.Lag, () =>
        {
            standby.Receiving = false;
            var isThere = primary.Log.Count >= sent && primary.Log[sent - 1].Serial == newest && standby.IsPrefixOf(primary);
            var getsThrough = primary.Up || scheduler.Dice.Next(2) == 0;
            if (isThere && getsThrough && standby.Follows(primary) && standby.Answers && primary.Powered)
            {
                Receive(primary, standby, sent);
            }

            SettleCommits();
            SendFrom(primary);
        });
    }

    private static void Receive(DataCopy from, DataCopy to, int upTo)
    {
        if (to.IsPrefixOf(from))
        {
            for (var i = to.Log.Count; i < upTo; i++)
            {
                to.Log.Add(from.Log[i]);
            }
        }
    }

    private void SettleCommits()
    {
        for (var i = commits.Count - 1; i >= 0; i--)
        {
            var (primary, entry, position, committed) = commits[i];
            if (!primary.Up)
            {
                commits.RemoveAt(i);
                committed.TrySetResult(false);
            }
            else if (primary.Answers && (!primary.CommitsWait || Copies.Any(c => c.Follows(primary) && c.Log.Count >= position && c.Log[position - 1].Serial == entry)))
            {
                commits.RemoveAt(i);
                committed.TrySetResult(true);
            }
        }
    }
}
