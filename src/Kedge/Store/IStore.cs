namespace Kedge.Store;

/// <summary>
/// What Kedge needs of a store, and no more: an append-only sequence of records, leases, and latest values.
/// Implementations pass one contract suite (tests: <c>StoreContract</c>). Every member may throw
/// <see cref="StoreException"/> when the store cannot be reached or cannot write; what was acknowledged is then still there.
/// </summary>
public interface IStore : IAsyncDisposable
{
    /// <summary>
    /// Appends all records (at least one), or none, directly after <paramref name="expected"/>, the position of the newest
    /// record the caller has read (0 for an empty store). Returns false, and appends nothing, when somebody else was
    /// faster. When it returns true the records are on stable storage. When it throws, cancelled too, they may be there,
    /// or still come, unless an append after the same position succeeds first: read on from <paramref name="expected"/>
    /// before deciding anew. A store that ends before <paramref name="expected"/> was cut off or exchanged: <see cref="StoreException"/>.
    /// </summary>
    ValueTask<bool> AppendAsync(long expected, IReadOnlyList<ReadOnlyMemory<byte>> records, CancellationToken cancellation);

    /// <summary>Records after a position, oldest first, at most <paramref name="limit"/>; positions count from 1 without gaps.</summary>
    ValueTask<IReadOnlyList<StoredRecord>> ReadAsync(long after, int limit, CancellationToken cancellation);

    /// <summary>Completes once a record after this position exists, at once if it does; the watch of the design.</summary>
    ValueTask WaitAsync(long after, CancellationToken cancellation);

    /// <summary>
    /// Takes the lease if it is free, has run out, or is the holder's own (which renews it). Returns who holds it now;
    /// the caller has it when that is itself. The holder's time counts from before this call was made.
    /// </summary>
    ValueTask<LeaseHolding> TryLeaseAsync(string name, string holder, TimeSpan duration, CancellationToken cancellation);

    /// <summary>Gives a lease up; does nothing when <paramref name="holder"/> does not hold it. Whoever has proof that a holder is dead may call it in that holder's name.</summary>
    ValueTask ReleaseAsync(string name, string holder, CancellationToken cancellation);

    /// <summary>Overwrites latest values: small, without history, lost at most by the last second when the power fails.</summary>
    ValueTask PutLatestAsync(IReadOnlyDictionary<string, ReadOnlyMemory<byte>> values, CancellationToken cancellation);

    /// <summary>Latest values whose key begins with a prefix.</summary>
    ValueTask<IReadOnlyDictionary<string, ReadOnlyMemory<byte>>> LatestAsync(string prefix, CancellationToken cancellation);
}

/// <summary>A record as it was appended.</summary>
public readonly record struct StoredRecord(long Position, ReadOnlyMemory<byte> Data);

/// <summary>Who holds a lease, and until when (UTC, by the store's clock).</summary>
public sealed record LeaseHolding(string Name, string Holder, DateTimeOffset Until);

/// <summary>The store cannot do what was asked. The message is for an operator and names the remedy.</summary>
public sealed class StoreException : Exception
{
    public StoreException(string message)
        : base(message)
    {
    }

    public StoreException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>Number of the process on this machine that keeps others from writing; null where that is not why, or not known.</summary>
    public int? LockedBy { get; init; }
}
