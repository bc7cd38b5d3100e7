using Kedge.Journal.Events;

namespace Kedge.Journal;

/// <summary>
/// One process's working copy of the journal: its folds are kept current, and events are appended by deciding on
/// them. All of it runs on one thread (a node's context), so folds may be read freely between awaits.
/// </summary>
/// <remarks>
/// Decisions that wait for the store at the same moment are appended together, so that a thousand steps that fall due at
/// once are few round trips. Each of them saw the state without the others' events: a decision whose validity hangs
/// on another's (a name counted up, say) is made with <see cref="AppendAloneAsync"/>.
/// </remarks>
public sealed class JournalSession(EventLog log, IReadOnlyList<IFold> folds)
{
    private readonly Turns turn = new();
    private readonly List<Waiting> queue = [];
    private TaskCompletionSource changed = new();

    /// <summary>The newest entry that the folds have taken in.</summary>
    public JournalHead Head => log.Head;

    /// <summary>Completes when the folds next take in an entry.</summary>
    public Task Changed => changed.Task;

    /// <summary>Brings the folds up to date.</summary>
    public async Task CatchUpAsync(CancellationToken cancellation)
    {
        await turn.TakeAsync();
        try
        {
            await CatchUpInTurnAsync(cancellation);
        }
        finally
        {
            turn.Give();
        }
    }

    /// <summary>Keeps the folds current until it is cancelled.</summary>
    public async Task FollowAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            await log.WaitAsync(cancellation);
            await CatchUpAsync(cancellation);
        }
    }

    /// <summary>
    /// Appends what <paramref name="decide"/> returns, once nothing happened between its look at the folds and the
    /// append; it is asked again whenever something did. Nothing is appended when it returns an empty list. What it
    /// returned is on stable storage when this completes. Throws what the store throws; the events may then be there or
    /// not, so <paramref name="decide"/> must return nothing for what is there already.
    /// </summary>
    /// <returns>True when something was appended.</returns>
    public async Task<bool> AppendAsync(Func<IReadOnlyList<JournalEvent>> decide, CancellationToken cancellation)
    {
        var waiting = new Waiting(decide);
        queue.Add(waiting);
        await turn.TakeAsync();
        try
        {
            if (!waiting.Settled && cancellation.IsCancellationRequested)
            {
                queue.Remove(waiting);
                cancellation.ThrowIfCancellationRequested();
            }

            if (!waiting.Settled)
            {
                var batch = queue.ToList();
                queue.Clear();
                await AppendInTurnAsync(batch);
            }
        }
        finally
        {
            turn.Give();
        }

        return waiting.Result();
    }

    /// <summary>As <see cref="AppendAsync"/>, apart from all other decisions.</summary>
    public async Task<bool> AppendAloneAsync(Func<IReadOnlyList<JournalEvent>> decide, CancellationToken cancellation)
    {
        await turn.TakeAsync();
        try
        {
            var alone = new Waiting(decide);
            await AppendInTurnAsync([alone]);
            return alone.Result();
        }
        finally
        {
            turn.Give();
        }
    }

    private async Task AppendInTurnAsync(IReadOnlyList<Waiting> batch)
    {
        var start = log.Head.Position;
        try
        {
            while (true)
            {
                var events = new List<JournalEvent>();
                foreach (var waiting in batch)
                {
                    events.AddRange(waiting.Decide());
                }

                if (events.Count == 0)
                {
                    break;
                }

                var before = log.Head.Position;
                var appended = await log.TryAppendAsync(events, folds, CancellationToken.None);
                if (appended)
                {
                    break;
                }

                await CatchUpInTurnAsync(CancellationToken.None);
                if (log.Head.Position == before)
                {
                    throw new InvalidOperationException("the store refused an append although nothing was appended since");
                }
            }

            foreach (var waiting in batch)
            {
                waiting.Settle(null);
            }
        }
        catch (Exception failure)
        {
            // Each of them fails with it; a decision that threw by itself is a defect and is treated alike.
            foreach (var waiting in batch)
            {
                waiting.Settle(failure);
            }
        }

        // Only what happened is a change: whoever decides anew on each change would otherwise never come to rest.
        if (log.Head.Position != start)
        {
            Announce();
        }
    }

    private async Task CatchUpInTurnAsync(CancellationToken cancellation)
    {
        var before = log.Head.Position;
        await log.CatchUpAsync(folds, cancellation);
        if (log.Head.Position != before)
        {
            Announce();
        }
    }

    /// <summary>
    /// Tells whoever waits for a change, each in its turn on this thread: not at once, because that would be in the middle
    /// of what is being done here, and not by way of the thread pool, where their order would be chance.
    /// </summary>
    private void Announce()
    {
        var waiters = changed;
        changed = new();
        if (SynchronizationContext.Current is { } context)
        {
            context.Post(static w => ((TaskCompletionSource)w!).SetResult(), waiters);
        }
        else
        {
            waiters.SetResult();
        }
    }

    private sealed class Waiting(Func<IReadOnlyList<JournalEvent>> decide)
    {
        private bool decided;
        private Exception? failure;

        public bool Settled { get; private set; }

        public IReadOnlyList<JournalEvent> Decide()
        {
            var events = decide();
            decided = events.Count > 0;
            return events;
        }

        public void Settle(Exception? because)
        {
            failure = because;
            Settled = true;
        }

        public bool Result() => failure is null
            ? decided
            : throw new JournalUnavailableException($"the journal could not be written: {failure.Message}", failure);
    }
}

/// <summary>The journal could not be written or read; what was acknowledged is still there.</summary>
public sealed class JournalUnavailableException(string message, Exception inner) : Exception(message, inner);
