using Kedge.Journal.Events;

namespace Kedge.Journal;

/// <summary>Appends that wait for a store which cannot be written just now.</summary>
public static class Persistence
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    /// <summary>
    /// As <see cref="JournalSession.AppendAsync"/>, but tries again, less and less often, while the store cannot be
    /// written: for what must not go on without being journaled.
    /// </summary>
    public static Task<bool> PersistAsync(
        this JournalSession session, Func<IReadOnlyList<JournalEvent>> decide, TimeProvider time, CancellationToken cancellation) =>
        UntilWrittenAsync(session, () => session.AppendAsync(decide, cancellation), time, cancellation);

    /// <summary>The same for what is appended apart from all other decisions (<see cref="JournalSession.AppendAloneAsync"/>).</summary>
    public static Task<bool> PersistAloneAsync(
        this JournalSession session, Func<IReadOnlyList<JournalEvent>> decide, TimeProvider time, CancellationToken cancellation) =>
        UntilWrittenAsync(session, () => session.AppendAloneAsync(decide, cancellation), time, cancellation);

    /// <summary>
    /// As <see cref="JournalSession.FollowAsync"/>, but goes on, less and less often, while the store cannot be read: a
    /// process that lives longer than an outage of its store.
    /// </summary>
    public static async Task FollowThroughAsync(this JournalSession session, TimeProvider time, CancellationToken cancellation)
    {
        var pause = FirstPause;
        while (!cancellation.IsCancellationRequested)
        {
            var before = session.Head;
            try
            {
                await session.FollowAsync(cancellation);
            }
            catch (Store.StoreException)
            {
                pause = session.Head == before ? Longer(pause) : FirstPause;
                await Task.Delay(pause, time, cancellation);
            }
        }
    }

    private static async Task<bool> UntilWrittenAsync(
        JournalSession session, Func<Task<bool>> append, TimeProvider time, CancellationToken cancellation)
    {
        var pause = FirstPause;
        while (true)
        {
            try
            {
                return await append();
            }
            catch (JournalUnavailableException failure) when (failure.InnerException is Store.StoreException)
            {
                // Whether the events are there is known after the next look; deciding anew sees them then.
                await Task.Delay(pause, time, cancellation);
                pause = Longer(pause);
                await CatchUpQuietlyAsync(session, cancellation);
            }
        }
    }

    private static TimeSpan Longer(TimeSpan pause) => pause * 2 < Longest ? pause * 2 : Longest;

    private static async Task CatchUpQuietlyAsync(JournalSession session, CancellationToken cancellation)
    {
        try
        {
            await session.CatchUpAsync(cancellation);
        }
        catch (Store.StoreException)
        {
            // Still out of order; the append that follows says so again.
        }
    }
}
