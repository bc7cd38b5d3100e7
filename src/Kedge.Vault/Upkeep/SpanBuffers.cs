namespace Kedge.Vault.Upkeep;

/// <summary>Memory for what is read of packs: bounded, and used again. Whoever wants more waits.</summary>
/// <param name="limit">Bytes in all. What alone is larger gets its memory when nothing else is underway.</param>
internal sealed class SpanBuffers(long limit)
{
    /// <summary>Room for an ordinary pack with its header, so that one buffer fits all.</summary>
    internal const int Usual = 18 << 20;

    private readonly object gate = new();
    private readonly List<byte[]> free = [];
    private long taken;
    private int underway;
    private bool isStopped;

    /// <returns>Null where it was stopped.</returns>
    internal byte[]? Rent(int length)
    {
        lock (gate)
        {
            while (!isStopped)
            {
                if (free.Find(b => b.Length >= length) is { } fitting)
                {
                    free.Remove(fitting);
                    underway++;
                    return fitting;
                }

                var size = Math.Max(Usual, length);
                Drop(size);
                if (taken + size <= limit || underway == 0)
                {
                    underway++;
                    taken += size;
                    return GC.AllocateUninitializedArray<byte>(size, pinned: true);
                }

                Monitor.Wait(gate);
            }

            return null;
        }
    }

    internal void Return(byte[] buffer)
    {
        lock (gate)
        {
            underway--;
            free.Add(buffer);
            Monitor.PulseAll(gate);
        }
    }

    internal void Stop()
    {
        lock (gate)
        {
            isStopped = true;
            Monitor.PulseAll(gate);
        }
    }

    /// <summary>Gives up free buffers that are too small, until there is room for one of this size.</summary>
    private void Drop(int size)
    {
        while (free.Count > 0 && taken + size > limit)
        {
            taken -= free[^1].Length;
            free.RemoveAt(free.Count - 1);
        }
    }
}
