using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Kedge.Store.Sqlite;

/// <summary>One connection, for use by one thread. Every failure is a <see cref="SqliteFailure"/>.</summary>
internal sealed class SqliteConnection : IDisposable
{
    private readonly DatabaseHandle database;
    private readonly List<SqliteStatement> statements = [];

    private SqliteConnection(DatabaseHandle database) => this.database = database;

    /// <summary>False between a BEGIN and what ends it.</summary>
    public bool OutsideTransaction => SqliteNative.OutsideTransaction(database) != 0;

    /// <summary>Opens a file that exists. Throws <see cref="StoreException"/> where SQLite itself is missing.</summary>
    public static SqliteConnection Open(string path, TimeSpan busyTimeout)
    {
        int code;
        DatabaseHandle database;
        try
        {
            code = SqliteNative.Open(path, out database, SqliteNative.OpenReadWrite, vfs: null);
        }
        catch (Exception missing) when (missing is DllNotFoundException or EntryPointNotFoundException)
        {
            throw new StoreException(
                "SQLite's library libsqlite3.so.0 (3.20 or later) was not found. Install it: apt-get install libsqlite3-0", missing);
        }

        var connection = new SqliteConnection(database);
        try
        {
            connection.Check(code);
            connection.Check(SqliteNative.UseExtendedCodes(database, 1));
            connection.Check(SqliteNative.SetBusyTimeout(database, (int)busyTimeout.TotalMilliseconds));

            // Without it the last process to close would delete the log, and the next would have to create it anew
            // and sync the folder; besides, a log that is written over needs no new space.
            var keep = 1;
            connection.Check(SqliteNative.FileControl(database, "main", SqliteNative.ControlKeepLog, ref keep));
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Prepares one statement, which lives as long as the connection.</summary>
    public SqliteStatement Prepare(string sql)
    {
        var statement = PrepareOnce(sql);
        statements.Add(statement);
        return statement;
    }

    /// <summary>Runs one statement that has no parameters, to its end.</summary>
    public void Execute(string sql)
    {
        using var statement = PrepareOnce(sql);
        statement.Run();
    }

    /// <summary>The first column of a statement's first row, as text; null where there is no row.</summary>
    public string? Ask(string sql)
    {
        using var statement = PrepareOnce(sql);
        return statement.Step() ? statement.Text(0) : null;
    }

    public long AskNumber(string sql) => long.Parse(Ask(sql) ?? "0", CultureInfo.InvariantCulture);

    /// <summary>How long a call waits for another process that holds the lock; none: it fails at once as busy.</summary>
    public void SetBusyTimeout(TimeSpan timeout) =>
        Check(SqliteNative.SetBusyTimeout(database, (int)timeout.TotalMilliseconds));

    /// <summary>Ends a transaction that was not committed.</summary>
    public void RollBackIfOpen()
    {
        if (!OutsideTransaction)
        {
            Execute("ROLLBACK");
        }
    }

    /// <summary>
    /// Copies the log into the database file while holding the writer's lock; false where a reader or writer was in the
    /// way for longer than the busy timeout, and some is left.
    /// </summary>
    public bool Checkpoint()
    {
        var code = SqliteNative.Checkpoint(database, "main", SqliteNative.CheckpointFull, out var frames, out var done);
        if ((code & 0xff) == SqliteNative.Busy)
        {
            return false;
        }

        Check(code);
        return frames == done;
    }

    public void Check(int code)
    {
        if (code is not (SqliteNative.Ok or SqliteNative.Row or SqliteNative.Done))
        {
            throw Failure(code, SqliteNative.SystemError(database));
        }
    }

    /// <param name="code">As the call returned it.</param>
    /// <param name="systemError">errno after the call; looked at only where the code says that the system is behind it.</param>
    public SqliteFailure Failure(int code, int systemError)
    {
        if (database.IsInvalid)
        {
            return new SqliteFailure(code, systemError: 0, Marshal.PtrToStringUTF8(SqliteNative.TextOf(code)) ?? "unknown error");
        }

        var extended = SqliteNative.ExtendedCode(database);
        var text = Marshal.PtrToStringUTF8(SqliteNative.ErrorText(database)) ?? "unknown error";
        return new SqliteFailure(
            (extended & 0xff) == (code & 0xff) ? extended : code,
            (code & 0xff) is SqliteNative.IoError or SqliteNative.CannotOpen ? systemError : 0,
            text);
    }

    public void Dispose()
    {
        foreach (var statement in statements)
        {
            statement.Dispose();
        }

        statements.Clear();
        database.Dispose();
    }

    private unsafe SqliteStatement PrepareOnce(string sql)
    {
        var text = Encoding.UTF8.GetBytes(sql);
        StatementHandle handle;
        fixed (byte* start = text)
        {
            var code = SqliteNative.Prepare(database, start, text.Length, SqliteNative.PrepareToKeep, out handle, out var tail);
            if (code != SqliteNative.Ok || handle.IsInvalid || tail != start + text.Length)
            {
                handle.Dispose();
                Check(code);
                throw new ArgumentException("exactly one statement is needed", nameof(sql));
            }
        }

        return new SqliteStatement(this, handle);
    }
}
