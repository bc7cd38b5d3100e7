namespace Kedge.Store.Sqlite;

/// <summary>
/// The embedded store: one SQLite file on a local disk, used by any number of processes on this machine at once.
/// README.md in this room says how it keeps its promises.
/// </summary>
public sealed class SqliteStore : IStore
{
    private static readonly TimeSpan ReserveLookEvery = TimeSpan.FromSeconds(10);

    private readonly string path;
    private readonly TimeProvider time;
    private readonly SqliteSettings settings;
    private readonly SpaceReserve reserve;
    private readonly StoreThread writing;
    private readonly StoreThread reading;
    private SqliteWriter? writer;
    private SqliteReader? reader;
    private ChangeWatch? watch;
    private long reserveSeenAt;
    private int disposed;

    private SqliteStore(string path, TimeProvider time, SqliteSettings settings)
    {
        (this.path, this.time, this.settings) = (path, time, settings);
        reserve = new SpaceReserve(Path.Combine(Path.GetDirectoryName(path)!, "reserve"), settings.ReserveBytes);
        writing = new StoreThread("store writer", WhenIdle, () => writer?.Dispose());
        reading = new StoreThread("store reader", () => { }, () => reader?.Dispose());
    }

    /// <summary>
    /// Raised, on a thread of the pool, after an append or lease found the disk full and the space kept in reserve was given
    /// up for it; with the bytes given up. The reserve is taken anew by itself once there is room.
    /// </summary>
    public event Action<long>? ReserveReleased;

    /// <summary>False while the disk has no room for the reserve: the next full disk stops Kedge.</summary>
    public bool ReserveIsWhole => reserve.IsWhole;

    /// <summary>
    /// Opens the store in a file, which is created with its folder (for this user alone) where there is none. Throws
    /// <see cref="StoreException"/> where the file is not a Kedge store, is of a newer version, or cannot be opened.
    /// </summary>
    public static Task<SqliteStore> OpenAsync(string path, TimeProvider time, CancellationToken cancellation) =>
        OpenAsync(path, time, SqliteSettings.Default, cancellation);

    internal static async Task<SqliteStore> OpenAsync(
        string path, TimeProvider time, SqliteSettings settings, CancellationToken cancellation)
    {
        var store = new SqliteStore(Path.GetFullPath(path), time, settings);
        try
        {
            await store.RunAsync(store.writing, "open", store.Open, cancellation);
            return store;
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    public async ValueTask<bool> AppendAsync(
        long expected, IReadOnlyList<ReadOnlyMemory<byte>> records, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(expected);
        ArgumentOutOfRangeException.ThrowIfZero(records.Count);
        var appended = await RunAsync(
            writing, "append to", token => WithReserve(() => writer!.Append(expected, records, token)), cancellation);
        if (appended)
        {
            watch!.Sign();
        }

        return appended;
    }

    public async ValueTask<IReadOnlyList<StoredRecord>> ReadAsync(long after, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(after);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        return await RunAsync(reading, "read", _ => reader!.Read(after, limit), cancellation);
    }

    public async ValueTask WaitAsync(long after, CancellationToken cancellation)
    {
        while (true)
        {
            var sign = watch!.Next();
            if (await RunAsync(reading, "read", _ => reader!.Newest(), cancellation) > after)
            {
                return;
            }

            await sign.WaitAsync(cancellation);
        }
    }

    public async ValueTask<LeaseHolding> TryLeaseAsync(
        string name, string holder, TimeSpan duration, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(duration, TimeSpan.Zero);
        var now = time.GetUtcNow();
        return await RunAsync(
            writing, "take a lease in", token => WithReserve(() => writer!.Lease(name, holder, duration, now, token)), cancellation);
    }

    public async ValueTask ReleaseAsync(string name, string holder, CancellationToken cancellation) =>
        await RunAsync(
            writing, "give up a lease in", token => WithReserve(() => writer!.Release(name, holder, token)), cancellation);

    // Without the reserve: that is for what a recovery cannot do without.
    public async ValueTask PutLatestAsync(
        IReadOnlyDictionary<string, ReadOnlyMemory<byte>> values, CancellationToken cancellation) =>
        await RunAsync(writing, "write latest values to", token => writer!.PutLatest(values, token), cancellation);

    public async ValueTask<IReadOnlyDictionary<string, ReadOnlyMemory<byte>>> LatestAsync(
        string prefix, CancellationToken cancellation) =>
        await RunAsync(reading, "read latest values from", _ => reader!.Latest(prefix), cancellation);

    /// <summary>Finishes what was asked for. Whoever waits for a change gets an <see cref="ObjectDisposedException"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) == 0)
        {
            watch?.Dispose();
            await reading.DisposeAsync();
            await writing.DisposeAsync();
        }
    }

    private bool Open(CancellationToken cancellation)
    {
        writer = new SqliteWriter(path, settings);
        cancellation.ThrowIfCancellationRequested();
        reader = new SqliteReader(path, settings);
        watch = new ChangeWatch(path + "-wal");
        TakeReserve();
        return true;
    }

    /// <summary>Does it again after giving up the reserve where the disk is full.</summary>
    private T WithReserve<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SqliteFailure failure) when (failure.MayBeFull)
        {
            // Zero where another process has just given it up: its room is ours as well.
            var released = reserve.Release();
            NoteReserve();
            try
            {
                return OnceThereIsRoom(work);
            }
            finally
            {
                if (released > 0 && ReserveReleased is { } told)
                {
                    ThreadPool.QueueUserWorkItem(_ => told(released));
                }
            }
        }
    }

    /// <summary>A file system may give the blocks of a removed file back a moment later (ext4 with its journal's next commit).</summary>
    private T OnceThereIsRoom<T>(Func<T> work)
    {
        const int attempts = 40;
        using var pause = new ManualResetEvent(initialState: false);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                writer!.Checkpoint();
                return work();
            }
            catch (SqliteFailure failure) when (failure.MayBeFull && attempt < attempts)
            {
                pause.WaitOne(TimeSpan.FromMilliseconds(25));
            }
        }
    }

    private void WhenIdle()
    {
        if (writer is { CheckpointIsDue: true })
        {
            writer.Checkpoint();
        }

        // Also where all seemed well: another process may have given the reserve up, and have ended since.
        if (writer is not null && time.GetElapsedTime(reserveSeenAt) >= ReserveLookEvery)
        {
            TakeReserve();
        }
    }

    private void TakeReserve()
    {
        try
        {
            reserve.TakeIfThereIsRoom();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The store works without; ReserveIsWhole tells.
        }

        NoteReserve();
    }

    private void NoteReserve()
    {
        reserveSeenAt = time.GetTimestamp();
        writer!.SpaceIsShort = !reserve.IsWhole;
    }

    private async Task<T> RunAsync<T>(
        StoreThread thread, string doing, Func<CancellationToken, T> work, CancellationToken cancellation)
    {
        try
        {
            return await thread.RunAsync(token => Reported(doing, () => work(token)), cancellation)
                .WaitAsync(settings.StallLimit, time, CancellationToken.None);
        }
        catch (TimeoutException stalled)
        {
            throw new StoreException(
                $"cannot {doing} {path}: the disk has not answered for {settings.StallLimit.TotalSeconds} s, and what was asked for may still happen. Check the disk (dmesg).",
                stalled);
        }
    }

    private T Reported<T>(string doing, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SqliteFailure failure)
        {
            writer?.Note(failure);
            throw failure.For(doing, path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            var remedy = writer is null ? " Name a folder in which Kedge may create files: --state." : "";
            throw new StoreException($"cannot {doing} {path}: {failure.Message.TrimEnd('.')}.{remedy}", failure);
        }
    }
}
