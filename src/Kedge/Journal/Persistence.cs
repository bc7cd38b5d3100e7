using Kedge.Journal.Events;

namespace Kedge.Journal;

/// <summary>Appends that wait for a store which cannot be written just now.</summary>
public static class Persistence
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    /// <summary>
    /// As <see cref="JournalSession.AppendAsync"/>, but tries again, less and less often, while the store cannot be
    /// written: for what must not go on without being journaled.
    /// </summary>
    public static async Task<bool> PersistAsync(
        this JournalSession session,
        Func<IReadOnlyList<JournalEvent>> decide,
        TimeProvider time,
        CancellationToken cancellation)
    {
        var pause = TimeSpan.FromMilliseconds(20);
        while (true)
        {
            try
            {
                return await session.AppendAsync(decide, cancellation);
            }
            catch (JournalUnavailableException failure) when (failure.InnerException is Store.StoreException)
            {
                // Whether the events are there is known after the next look; deciding anew sees them then.
                await Task.Delay(pause, time, cancellation);
                pause = pause * 2 < Longest ? pause * 2 : Longest;
                await CatchUpQuietlyAsync(session, cancellation);
            }
        }
    }

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
