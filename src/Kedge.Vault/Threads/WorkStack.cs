using System.Diagnostics.CodeAnalysis;

namespace Kedge.Vault.Threads;

/// <summary>
/// Work that begets work. The newest is done first, so that a tree is walked in depth and little of it is open at a time;
/// what holds memory (pieces that were read already) goes before all else. The parts of a few large things are taken in
/// turns, since some ask more of the disk and others more of the processors. Ends when everything that was put in is done.
/// </summary>
internal sealed class WorkStack<T>
    where T : class
{
    /// <summary>More would have a disk with heads move them too often.</summary>
    private const int MostAtOnce = 4;

    private readonly object gate = new();
    private readonly Stack<T> work = new();
    private readonly Stack<T> urgent = new();
    private readonly List<Queue<T>> divided = [];
    private int turn;
    private int outstanding;
    private bool isAborted;

    /// <summary>How much urgent work waits.</summary>
    internal int Urgent
    {
        get
        {
            lock (gate)
            {
                return urgent.Count;
            }
        }
    }

    internal void Push(T item)
    {
        lock (gate)
        {
            work.Push(item);
            outstanding++;
            Monitor.Pulse(gate);
        }
    }

    /// <summary>Puts several in, of which the first will be taken first.</summary>
    internal void Push(List<T> items)
    {
        lock (gate)
        {
            for (var i = items.Count - 1; i >= 0; i--)
            {
                work.Push(items[i]);
            }

            outstanding += items.Count;
            Monitor.PulseAll(gate);
        }
    }

    /// <summary>Puts in the parts of one large thing, of which the first will be taken first.</summary>
    internal void PushParts(IReadOnlyCollection<T> parts)
    {
        lock (gate)
        {
            divided.Add(new(parts));
            outstanding += parts.Count;
            Monitor.PulseAll(gate);
        }
    }

    internal void PushUrgent(T item)
    {
        lock (gate)
        {
            urgent.Push(item);
            outstanding++;
            Monitor.Pulse(gate);
        }
    }

    /// <summary>Waits for something to do.</summary>
    /// <returns>Null when all is done, or was given up.</returns>
    internal T? Take()
    {
        lock (gate)
        {
            while (true)
            {
                if (isAborted || outstanding == 0)
                {
                    return null;
                }

                if (urgent.TryPop(out var item) || TryTakePart(out item) || work.TryPop(out item))
                {
                    return item;
                }

                Monitor.Wait(gate);
            }
        }
    }

    /// <summary>Takes urgent work where there is some.</summary>
    internal T? TakeUrgent()
    {
        lock (gate)
        {
            return !isAborted && urgent.TryPop(out var item) ? item : null;
        }
    }

    /// <summary>Says that a taken piece of work is done, after what it begot was put in.</summary>
    internal void Done()
    {
        lock (gate)
        {
            if (--outstanding == 0)
            {
                Monitor.PulseAll(gate);
            }
        }
    }

    /// <summary>Everybody stops as soon as they ask for more.</summary>
    internal void Abort()
    {
        lock (gate)
        {
            isAborted = true;
            Monitor.PulseAll(gate);
        }
    }

    private bool TryTakePart([MaybeNullWhen(false)] out T item)
    {
        if (divided.Count == 0)
        {
            item = null;
            return false;
        }

        turn = (turn + 1) % Math.Min(divided.Count, MostAtOnce);
        item = divided[turn].Dequeue();
        if (divided[turn].Count == 0)
        {
            divided.RemoveAt(turn);
        }

        return true;
    }
}
