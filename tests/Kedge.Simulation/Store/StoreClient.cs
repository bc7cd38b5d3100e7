using Kedge.Simulation.Kernel;
using Kedge.Store;

namespace Kedge.Simulation.Store;

/// <summary>The store as one process has it open.</summary>
internal sealed class StoreClient(SimulatedStore store, SimulatedProcess process) : IStore
{
    public ValueTask<bool> AppendAsync(long expected, IReadOnlyList<ReadOnlyMemory<byte>> records, CancellationToken cancellation) =>
        store.AppendAsync(process, expected, records);

    public ValueTask<IReadOnlyList<StoredRecord>> ReadAsync(long after, int limit, CancellationToken cancellation) =>
        store.ReadAsync(process, after, limit);

    public ValueTask WaitAsync(long after, CancellationToken cancellation) => store.WaitAsync(process, after, cancellation);

    public ValueTask<LeaseHolding> TryLeaseAsync(string name, string holder, TimeSpan duration, CancellationToken cancellation) =>
        store.TryLeaseAsync(process, name, holder, duration);

    public ValueTask ReleaseAsync(string name, string holder, CancellationToken cancellation) =>
        store.ReleaseAsync(process, name, holder);

    public ValueTask PutLatestAsync(IReadOnlyDictionary<string, ReadOnlyMemory<byte>> values, CancellationToken cancellation) =>
        store.PutLatestAsync(process, values);

    public ValueTask<IReadOnlyDictionary<string, ReadOnlyMemory<byte>>> LatestAsync(string prefix, CancellationToken cancellation) =>
        store.LatestAsync(process, prefix);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
