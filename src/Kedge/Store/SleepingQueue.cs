using System.Diagnostics.CodeAnalysis;

namespace Kedge.Store;

/// <summary>
/// A queue whose one consumer sleeps while it is empty. (A <c>BlockingCollection</c> spins before it sleeps: on a small
/// machine that takes the processor from whoever has work.)
/// </summary>
public sealed class SleepingQueue<T>
{
    private readonly Queue<T> items = [];
    private bool ended;

    public bool IsEmpty
    {
        get
        {
            lock (items)
            {
                return items.Count == 0;
            }
        }
    }

    /// <returns>False after <see cref="End"/>: the item is not taken on.</returns>
    public bool TryAdd(T item)
    {
        lock (items)
        {
            if (ended)
            {
                return false;
            }

            items.Enqueue(item);
            Monitor.Pulse(items);
            return true;
        }
    }

    /// <summary>Waits for the next item.</summary>
    /// <returns>False once the queue has ended and all that it held was taken.</returns>
    public bool TryTake([MaybeNullWhen(false)] out T item)
    {
        lock (items)
        {
            while (!items.TryDequeue(out item))
            {
                if (ended)
                {
                    return false;
                }

                Monitor.Wait(items);
            }

            return true;
        }
    }

    /// <summary>Takes nothing on any more; what is in the queue is still handed out.</summary>
    public void End()
    {
        lock (items)
        {
            ended = true;
            Monitor.PulseAll(items);
        }
    }
}
