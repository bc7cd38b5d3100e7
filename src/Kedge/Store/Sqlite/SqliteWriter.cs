namespace Kedge.Store.Sqlite;

/// <summary>
/// All writes of a store, on its writer's thread. Appends go through a connection that syncs the log at each commit.
/// Leases and latest values go through one that does not: when the power fails, nobody is left who held a lease, and
/// latest values are a second old anyway. Both write to one log in order, so an append's sync covers what came before it.
/// </summary>
internal sealed class SqliteWriter : IDisposable
{
    /// <summary>What an insert writes to the log beside its own bytes: about two pages of the tree.</summary>
    private const int PagesBeside = 2 * 4096;

    private readonly string path;
    private readonly SqliteSettings settings;
    private readonly FileIdentity file;
    private readonly Session durable;
    private readonly Session relaxed;
    private readonly SqliteStatement newest;
    private readonly SqliteStatement insert;
    private readonly SqliteStatement readHolder;
    private readonly SqliteStatement hold;
    private readonly SqliteStatement release;
    private readonly SqliteStatement put;
    private long sinceCheckpoint;
    private StoreException? lostSync;

    public SqliteWriter(string path, SqliteSettings settings)
    {
        (this.path, this.settings) = (path, settings);
        file = SqliteFormat.CreateFile(path);
        durable = new Session(path, settings.AppendSynchronous, settings.LockTimeout);
        try
        {
            relaxed = new Session(path, "NORMAL", settings.LockTimeout);
            newest = durable.Connection.Prepare("SELECT coalesce(max(position), 0) FROM records");
            insert = durable.Connection.Prepare("INSERT INTO records (position, data) VALUES (?1, ?2)");
            readHolder = relaxed.Connection.Prepare("SELECT holder, until_ms, duration_ms FROM leases WHERE name = ?1");
            hold = relaxed.Connection.Prepare(
                "INSERT INTO leases (name, holder, until_ms, duration_ms) VALUES (?1, ?2, ?3, ?4) "
                + "ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until_ms = excluded.until_ms, duration_ms = excluded.duration_ms");
            release = relaxed.Connection.Prepare("DELETE FROM leases WHERE name = ?1 AND holder = ?2");
            put = relaxed.Connection.Prepare(
                "INSERT INTO latest (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Set while the disk is short of space: the log is then copied, and its room used again, more often.</summary>
    public bool SpaceIsShort { get; set; }

    /// <summary>True once enough was written that the log should be copied into the database file.</summary>
    public bool CheckpointIsDue =>
        lostSync is null && sinceCheckpoint >= settings.CheckpointEvery / (SpaceIsShort ? 16 : 1);

    public bool Append(long expected, IReadOnlyList<ReadOnlyMemory<byte>> records, CancellationToken cancellation)
    {
        var appended = durable.Transact(() =>
        {
            RefuseAfterLostSync();
            newest.Step();
            var end = newest.Integer(0);
            newest.Reset();
            if (end != expected)
            {
                return end > expected
                    ? false
                    : throw new StoreException(
                        $"{path} ends at record {end}, but record {expected} was read from it before: it was cut off, or another file was put in its place. Run 'kedge journal verify'.");
            }

            foreach (var record in records)
            {
                insert.Bind(1, ++end).Bind(2, record.Span).Run();
                sinceCheckpoint += record.Length + PagesBeside;
            }

            return true;
        }, cancellation);
        return appended && StillThere();
    }

    public LeaseHolding Lease(string name, string holder, TimeSpan duration, DateTimeOffset now, CancellationToken cancellation) =>
        relaxed.Transact(() =>
        {
            readHolder.Bind(1, name);
            var held = readHolder.Step()
                ? (Holder: readHolder.Text(0), Until: readHolder.Integer(1), Duration: readHolder.Integer(2))
                : default;
            readHolder.Reset();
            var at = now.ToUnixTimeMilliseconds();
            if (held.Holder is { } other && other != holder && held.Until > at)
            {
                // A lease that ends further away than it ever lasted was taken by a clock that has been set back since;
                // without this it would hold until that clock's time comes.
                var until = Math.Min(held.Until, at + held.Duration);
                if (until != held.Until)
                {
                    Hold(name, other, until, held.Duration);
                }

                return new LeaseHolding(name, other, DateTimeOffset.FromUnixTimeMilliseconds(until));
            }

            var length = (long)Math.Ceiling(duration.TotalMilliseconds);
            Hold(name, holder, at + length, length);
            return new LeaseHolding(name, holder, DateTimeOffset.FromUnixTimeMilliseconds(at + length));
        }, cancellation);

    public bool Release(string name, string holder, CancellationToken cancellation) =>
        relaxed.Transact(() =>
        {
            release.Bind(1, name).Bind(2, holder).Run();
            return true;
        }, cancellation);

    public bool PutLatest(IReadOnlyDictionary<string, ReadOnlyMemory<byte>> values, CancellationToken cancellation) =>
        relaxed.Transact(() =>
        {
            foreach (var (key, value) in values)
            {
                put.Bind(1, key).Bind(2, value.Span).Run();
                sinceCheckpoint += value.Length + PagesBeside;
            }

            return true;
        }, cancellation);

    /// <summary>
    /// Copies the log into the database file. Under the writer's lock, because in SQLite before 3.51.3 a checkpoint that
    /// runs beside another connection's write can, once in a long while, lose pages (https://sqlite.org/wal.html#walresetbug).
    /// </summary>
    public void Checkpoint()
    {
        sinceCheckpoint = 0;
        durable.Connection.SetBusyTimeout(TimeSpan.FromSeconds(1));
        try
        {
            durable.Connection.Checkpoint();
        }
        catch (SqliteFailure failure)
        {
            // The log still holds everything, so nothing is lost and nothing is reported here. A disk that lost a sync is
            // reported by every append from now on; a full one by the append that finds no room.
            Note(failure);
        }
        finally
        {
            durable.Connection.SetBusyTimeout(TimeSpan.Zero);
        }
    }

    /// <summary>Remembers a failure that makes further appends untrustworthy.</summary>
    public void Note(SqliteFailure failure)
    {
        if (failure.IsLostSync)
        {
            lostSync ??= failure.For("append to", path);
        }
    }

    public void Dispose()
    {
        relaxed?.Dispose();
        durable.Dispose();
    }

    private void RefuseAfterLostSync()
    {
        if (lostSync is { } lost)
        {
            throw new StoreException(lost.Message, lost);
        }
    }

    /// <summary>An open file that was removed or replaced takes writes as before, and they are gone when it is closed.</summary>
    private bool StillThere() =>
        file.IsSameFileAs(LinuxFiles.Identify(path))
            ? true
            : throw new StoreException(
                $"{path} was removed or replaced while it was open, so what is appended is lost. Stop every Kedge process on this machine, put the right file in place, and start again.");

    private void Hold(string name, string holder, long until, long duration) =>
        hold.Bind(1, name).Bind(2, holder).Bind(3, until).Bind(4, duration).Run();

    /// <summary>A connection and its transactions.</summary>
    private sealed class Session : IDisposable
    {
        private readonly SqliteStatement begin;
        private readonly SqliteStatement commit;
        private readonly int attempts;

        public Session(string path, string synchronous, TimeSpan lockTimeout)
        {
            attempts = Math.Max(1, (int)lockTimeout.TotalMilliseconds);
            Connection = SqliteConnection.Open(path, lockTimeout);
            try
            {
                SqliteFormat.Ensure(Connection, path);
                Connection.Execute($"PRAGMA synchronous = {synchronous}");
                Connection.Execute("PRAGMA wal_autocheckpoint = 0");
                begin = Connection.Prepare("BEGIN IMMEDIATE");
                commit = Connection.Prepare("COMMIT");

                // From here on waiting for the lock is ours, so that it can be cancelled.
                Connection.SetBusyTimeout(TimeSpan.Zero);
            }
            catch
            {
                Connection.Dispose();
                throw;
            }
        }

        public SqliteConnection Connection { get; }

        /// <summary>Runs work in a transaction that has the writer's lock from its beginning; rolls back where it throws.</summary>
        public T Transact<T>(Func<T> work, CancellationToken cancellation)
        {
            Begin(cancellation);
            try
            {
                var result = work();
                commit.Run();
                return result;
            }
            finally
            {
                Connection.RollBackIfOpen();
            }
        }

        public void Dispose() => Connection.Dispose();

        private void Begin(CancellationToken cancellation)
        {
            for (var attempt = 1; ; attempt++)
            {
                cancellation.ThrowIfCancellationRequested();
                try
                {
                    begin.Run();
                    return;
                }
                catch (SqliteFailure failure) when (failure.Code == SqliteNative.Busy && attempt < attempts)
                {
                    _ = SqliteNative.Sleep(1);
                }
            }
        }
    }
}
