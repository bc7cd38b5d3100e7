using Kedge.Journal;
using Kedge.Journal.Chain;
using Kedge.Store;
using Kedge.Store.Sqlite;

namespace Kedge.Nodes;

/// <summary>The journal as it is stored, read without folding it: so that a damaged one can be looked at too.</summary>
public sealed class StoredJournal : IAsyncDisposable
{
    private const int PageSize = 512;

    private readonly IStore store;
    private readonly FileHeadKeeper heads;
    private readonly TimeProvider time;

    private StoredJournal(IStore store, FileHeadKeeper heads, TimeProvider time) => (this.store, this.heads, this.time) = (store, heads, time);

    /// <summary>Opens the journal of a state folder. Throws <see cref="StoreException"/> where it cannot be opened.</summary>
    public static async Task<StoredJournal> OpenAsync(string stateFolder, TimeProvider time, CancellationToken cancellation) => new(
        await SqliteStore.OpenAsync(Path.Combine(stateFolder, "kedge.db"), time, cancellation),
        new FileHeadKeeper(Path.Combine(stateFolder, "head"), time),
        time);

    /// <summary>Hands over every entry, oldest first. Throws <see cref="JournalDamagedException"/> at the first that is not what was written.</summary>
    public async Task<JournalHead> ReadAsync(Action<JournalEntry> take, CancellationToken cancellation)
    {
        var log = new EventLog(store, heads, time, "reader");
        await log.CatchUpAsync([new Reader(take)], cancellation);
        return log.Head;
    }

    /// <summary>Hands over every record as it is stored, byte for byte: what the hashes are of.</summary>
    public async Task ExportAsync(Func<ReadOnlyMemory<byte>, Task> take, CancellationToken cancellation)
    {
        var after = 0L;
        while (await store.ReadAsync(after, PageSize, cancellation) is { Count: > 0 } records)
        {
            foreach (var record in records)
            {
                await take(record.Data);
            }

            after = records[^1].Position;
        }
    }

    /// <summary>
    /// Holds every entry against the chain, and the newest against the second place that remembers it, and against a
    /// head from elsewhere (a printed report) where one is given.
    /// </summary>
    public async Task<JournalVerdict> VerifyAsync(JournalHead? reported, CancellationToken cancellation)
    {
        var count = 0L;
        var reportedHash = "";
        try
        {
            var kept = await heads.ReadAsync(cancellation);
            var keptHash = "";
            var head = await ReadAsync(
                entry =>
                {
                    count = entry.Position;
                    keptHash = entry.Position == kept?.Position ? entry.Hash : keptHash;
                    reportedHash = entry.Position == reported?.Position ? entry.Hash : reportedHash;
                },
                cancellation);
            var wrong = Against(kept, head, keptHash, "the head kept beside the store") ?? Against(reported, head, reportedHash, "the head from the report");
            return new(wrong is null, head, wrong ?? $"{head.Position} entries, each as it was written");
        }
        catch (JournalDamagedException damaged)
        {
            return new(false, new(count, ""), damaged.Message);
        }
        catch (InvalidDataException unreadable)
        {
            return new(false, new(count, ""), $"the head kept beside the store cannot be read: {unreadable.Message}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await heads.DisposeAsync();
        await store.DisposeAsync();
    }

    private static string? Against(JournalHead? known, JournalHead head, string hash, string what) => known switch
    {
        null => null,
        { Position: 0 } => null,
        { } k when k.Position > head.Position => $"its tail was cut off: it ends at entry {head.Position}, {what} is entry {k.Position}",
        { } k when k.Hash != hash => $"entry {k.Position} is not the one that {what} names: it was written anew",
        _ => null,
    };

    private sealed class Reader(Action<JournalEntry> take) : IFold
    {
        public void Apply(JournalEntry entry) => take(entry);
    }
}

/// <summary>What verifying a journal found.</summary>
/// <param name="Head">The newest entry; without a hash where the journal is damaged, and then the last that holds.</param>
/// <param name="What">One line.</param>
public sealed record JournalVerdict(bool Whole, JournalHead Head, string What);
