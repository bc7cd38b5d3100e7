namespace Kedge.Store.Sqlite;

/// <summary>All reads of a store, on its reader's thread: a writer that syncs does not hold them up.</summary>
internal sealed class SqliteReader : IDisposable
{
    private readonly SqliteConnection connection;
    private readonly SqliteStatement newest;
    private readonly SqliteStatement read;
    private readonly SqliteStatement latest;

    public SqliteReader(string path, SqliteSettings settings)
    {
        connection = SqliteConnection.Open(path, settings.LockTimeout);
        try
        {
            connection.Execute("PRAGMA query_only = ON");
            newest = connection.Prepare("SELECT coalesce(max(position), 0) FROM records");
            read = connection.Prepare("SELECT position, data FROM records WHERE position > ?1 ORDER BY position LIMIT ?2");
            latest = connection.Prepare("SELECT key, value FROM latest WHERE key >= ?1 AND substr(key, 1, length(?1)) = ?1");
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public long Newest()
    {
        try
        {
            newest.Step();
            return newest.Integer(0);
        }
        finally
        {
            newest.Reset();
        }
    }

    public IReadOnlyList<StoredRecord> Read(long after, int limit)
    {
        var records = new List<StoredRecord>();
        try
        {
            read.Bind(1, after).Bind(2, limit);
            while (read.Step())
            {
                records.Add(new StoredRecord(read.Integer(0), read.Blob(1)));
            }

            return records;
        }
        finally
        {
            read.Reset();
        }
    }

    public IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Latest(string prefix)
    {
        var values = new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        try
        {
            latest.Bind(1, prefix);
            while (latest.Step())
            {
                values.Add(latest.Text(0), latest.Blob(1));
            }

            return values;
        }
        finally
        {
            latest.Reset();
        }
    }

    public void Dispose() => connection.Dispose();
}
