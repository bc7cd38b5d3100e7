using System.Text.Json;
using Kedge.Journal.Chain;
using Kedge.Store;

namespace Kedge.StoreHost.Crashes;

/// <summary>A store after each of whose appends the process may end: the events are on stable storage, nobody was told.</summary>
internal sealed class CrashingStore(IStore inner, Crash crash) : IStore
{
    private long known;

    public async ValueTask<bool> AppendAsync(long expected, IReadOnlyList<ReadOnlyMemory<byte>> records, CancellationToken cancellation)
    {
        var appended = await inner.AppendAsync(expected, records, cancellation);
        if (appended)
        {
            known = expected + records.Count;
            crash.PassBy([.. records.Select(Name)]);
        }

        return appended;
    }

    /// <summary>What others have appended is a place too, once it is read here.</summary>
    public async ValueTask<IReadOnlyList<StoredRecord>> ReadAsync(long after, int limit, CancellationToken cancellation)
    {
        var records = await inner.ReadAsync(after, limit, cancellation);
        var news = records.Where(r => r.Position > known).ToList();
        known = Math.Max(known, records.Count == 0 ? 0 : records[^1].Position);
        crash.PassBy([.. news.Select(r => Name(r.Data))]);
        return records;
    }

    public ValueTask WaitAsync(long after, CancellationToken cancellation) => inner.WaitAsync(after, cancellation);

    public ValueTask<LeaseHolding> TryLeaseAsync(string name, string holder, TimeSpan duration, CancellationToken cancellation) =>
        inner.TryLeaseAsync(name, holder, duration, cancellation);

    public ValueTask ReleaseAsync(string name, string holder, CancellationToken cancellation) => inner.ReleaseAsync(name, holder, cancellation);

    public ValueTask PutLatestAsync(IReadOnlyDictionary<string, ReadOnlyMemory<byte>> values, CancellationToken cancellation) =>
        inner.PutLatestAsync(values, cancellation);

    public ValueTask<IReadOnlyDictionary<string, ReadOnlyMemory<byte>>> LatestAsync(string prefix, CancellationToken cancellation) =>
        inner.LatestAsync(prefix, cancellation);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private static string Name(ReadOnlyMemory<byte> record)
    {
        var what = JsonSerializer.Deserialize(record.Span, JournalJson.Default.StoredEntry)!.Event;
        var fields = JsonSerializer.SerializeToElement(what, JournalJson.Default.JournalEvent);
        var of = ((string[])["step", "component", "service"])
            .Select(f => fields.TryGetProperty(f, out var value) ? value.ToString() : null)
            .FirstOrDefault(f => f is not null);
        return $"after {what.GetType().Name}{(of is null ? "" : $" of {of}")}";
    }
}
