using Kedge.Store;

namespace Kedge.Tests.Journal;

/// <summary>A fake store: records in a list, which a test may tamper with, and failures on demand.</summary>
internal sealed class ListStore : IStore
{
    public List<StoredRecord> Records { get; } = [];

    /// <summary>Thrown by the next append after it was made: its outcome is unknown to the caller.</summary>
    public Exception? AfterAppend { get; set; }

    /// <summary>Runs at the beginning of the next append.</summary>
    public Action? BeforeAppend { get; set; }

    public async ValueTask<bool> AppendAsync(
        long expected, IReadOnlyList<ReadOnlyMemory<byte>> records, CancellationToken cancellation)
    {
        await Task.Yield();
        var (before, after) = (BeforeAppend, AfterAppend);
        (BeforeAppend, AfterAppend) = (null, null);
        before?.Invoke();
        if (Records.Count != expected)
        {
            return false;
        }

        Records.AddRange(records.Select((r, i) => new StoredRecord(expected + 1 + i, r)));
        return after is null ? true : throw after;
    }

    public ValueTask<IReadOnlyList<StoredRecord>> ReadAsync(long after, int limit, CancellationToken cancellation) =>
        ValueTask.FromResult<IReadOnlyList<StoredRecord>>([.. Records.Where(r => r.Position > after).Take(limit)]);

    public ValueTask WaitAsync(long after, CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask<LeaseHolding> TryLeaseAsync(string name, string holder, TimeSpan duration, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public ValueTask ReleaseAsync(string name, string holder, CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask PutLatestAsync(IReadOnlyDictionary<string, ReadOnlyMemory<byte>> values, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public ValueTask<IReadOnlyDictionary<string, ReadOnlyMemory<byte>>> LatestAsync(string prefix, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
