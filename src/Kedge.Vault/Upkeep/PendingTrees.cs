namespace Kedge.Vault.Upkeep;

/// <summary>
/// Trees that are still to be read, by their positions in the index. The newest are read first, so that a snapshot is
/// walked in depth and few trees wait.
/// </summary>
internal sealed class PendingTrees
{
    private readonly object gate = new();
    private readonly Stack<int> waiting = new();
    private int outstanding;
    private bool isStopped;

    /// <summary>Puts several in, of which the first will be taken first.</summary>
    internal void Push(ReadOnlySpan<int> positions)
    {
        lock (gate)
        {
            for (var at = positions.Length - 1; at >= 0; at--)
            {
                waiting.Push(positions[at]);
            }

            outstanding += positions.Length;
            if (positions.Length > 0)
            {
                Monitor.PulseAll(gate);
            }
        }
    }

    /// <summary>Waits for a tree.</summary>
    /// <returns>False when all are done, or it was stopped.</returns>
    internal bool TryTake(out int position)
    {
        lock (gate)
        {
            while (true)
            {
                position = -1;
                if (isStopped || outstanding == 0)
                {
                    return false;
                }

                if (waiting.TryPop(out position))
                {
                    return true;
                }

                Monitor.Wait(gate);
            }
        }
    }

    /// <summary>Says that a tree that was taken is done, after those below it were put in.</summary>
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

    internal void Stop()
    {
        lock (gate)
        {
            isStopped = true;
            Monitor.PulseAll(gate);
        }
    }
}
