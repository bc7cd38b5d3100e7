using Kedge.Journal.Chain;
using Kedge.Journal.Events;
using Kedge.Store;

namespace Kedge.Journal;

/// <summary>
/// The journal on top of a store: typed events in, chained entries out. It remembers the newest entry that it has read,
/// so that an append says "only if nothing else happened since I last looked". Not for use by several threads at once.
/// </summary>
/// <param name="store">Where the records are.</param>
/// <param name="heads">The second place that keeps the newest position and hash.</param>
/// <param name="time">The clock that stamps entries.</param>
/// <param name="by">Node or person in whose name it appends.</param>
public sealed class EventLog(IStore store, IHeadKeeper heads, TimeProvider time, string by)
{
    private const int PageSize = 512;

    /// <summary>Reads a record, given the head that it follows. A simulation of many processes on one store reads each only once.</summary>
    internal Func<JournalHead, StoredRecord, JournalEntry> Decode { get; init; } = EntryCodec.Decode;

    /// <summary>The newest entry that was read or appended here.</summary>
    public JournalHead Head { get; private set; } = JournalHead.Empty;

    /// <summary>
    /// Why the second place does not know the newest head; null once it does. Nobody's append fails for it, because the
    /// entries are on stable storage by then, and whoever was told of a failure would append them again; status shows it.
    /// </summary>
    public Exception? HeadFailure { get; private set; }

    /// <summary>
    /// Reads what is new and hands each entry to the folds, in order. Throws <see cref="JournalDamagedException"/>
    /// where the chain does not hold and <see cref="StoreException"/> where the store cannot be read.
    /// </summary>
    public async Task CatchUpAsync(IReadOnlyList<IFold> folds, CancellationToken cancellation)
    {
        while (true)
        {
            var records = await store.ReadAsync(Head.Position, PageSize, cancellation);
            foreach (var record in records)
            {
                var entry = Decode(Head, record);
                Head = new(entry.Position, entry.Hash);
                foreach (var fold in folds)
                {
                    fold.Apply(entry);
                }
            }

            if (records.Count < PageSize)
            {
                return;
            }
        }
    }

    /// <summary>
    /// Appends events directly after <see cref="Head"/>, all or none; they are on stable storage when this returns true,
    /// and the folds have taken them in. False: somebody else appended since; catch up, look again, decide anew.
    /// When it throws (cancelled, store out of order) they may be there or not, or even come late: the folds have not taken
    /// them in, <see cref="CatchUpAsync"/> finds what there is, and no append succeeds over what it has not yet seen.
    /// </summary>
    public async Task<bool> TryAppendAsync(
        IReadOnlyList<JournalEvent> events, IReadOnlyList<IFold> folds, CancellationToken cancellation)
    {
        var at = time.GetUtcNow();
        var head = Head;
        var entries = new List<JournalEntry>(events.Count);
        var records = new List<ReadOnlyMemory<byte>>(events.Count);
        foreach (var what in events)
        {
            var (entry, record) = EntryCodec.Encode(head, at, by, what);
            head = new(entry.Position, entry.Hash);
            entries.Add(entry);
            records.Add(record);
        }

        if (!await store.AppendAsync(Head.Position, records, cancellation))
        {
            return false;
        }

        Head = head;
        foreach (var entry in entries)
        {
            foreach (var fold in folds)
            {
                fold.Apply(entry);
            }
        }

        await KeepHeadAsync(head);
        return true;
    }

    /// <summary>Completes once there is something to catch up with.</summary>
    public ValueTask WaitAsync(CancellationToken cancellation) => store.WaitAsync(Head.Position, cancellation);

    // Without the caller's token: cancelled here, an append that has happened would look like one that has not.
    private async Task KeepHeadAsync(JournalHead head)
    {
        try
        {
            await heads.KeepAsync(head, CancellationToken.None);
            HeadFailure = null;
        }
        catch (Exception failure)
        {
            HeadFailure = failure;
        }
    }
}

/// <summary>A second place, apart from the store, that remembers how far the journal had got.</summary>
public interface IHeadKeeper
{
    /// <summary>
    /// Remembers a head; may lag behind by what a crash took, never runs ahead. Returns promptly, and reports by throwing
    /// that this head or an earlier one could not be kept; the append that it follows counts all the same.
    /// </summary>
    ValueTask KeepAsync(JournalHead head, CancellationToken cancellation);

    /// <summary>What was remembered last; null where nothing was.</summary>
    ValueTask<JournalHead?> ReadAsync(CancellationToken cancellation);
}
