using System.Runtime.InteropServices;
using System.Text;

namespace Kedge.Store.Sqlite;

/// <summary>A prepared statement: bind, step, read columns, <see cref="Reset"/>. Parameters count from 1, columns from 0.</summary>
internal sealed unsafe class SqliteStatement(SqliteConnection connection, StatementHandle handle) : IDisposable
{
    public SqliteStatement Bind(int index, long value)
    {
        connection.Check(SqliteNative.BindInteger(handle, index, value));
        return this;
    }

    public SqliteStatement Bind(int index, string value)
    {
        // One byte more than the text, because a pinned empty array is a null pointer, which would bind NULL.
        var text = new byte[Encoding.UTF8.GetByteCount(value) + 1];
        var length = Encoding.UTF8.GetBytes(value, text);
        fixed (byte* start = text)
        {
            connection.Check(SqliteNative.BindText(handle, index, start, length, SqliteNative.Copy));
        }

        return this;
    }

    public SqliteStatement Bind(int index, ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty)
        {
            connection.Check(SqliteNative.BindZeroes(handle, index, 0));
            return this;
        }

        fixed (byte* start = value)
        {
            connection.Check(SqliteNative.BindBlob(handle, index, start, value.Length, SqliteNative.Copy));
        }

        return this;
    }

    /// <summary>True while there is a row to read.</summary>
    public bool Step()
    {
        var code = SqliteNative.Step(handle);
        if (code is SqliteNative.Row or SqliteNative.Done)
        {
            return code == SqliteNative.Row;
        }

        var systemError = Marshal.GetLastPInvokeError();
        try
        {
            throw connection.Failure(code, systemError);
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>Steps to the end, past any rows, and resets.</summary>
    public void Run()
    {
        while (Step())
        {
        }

        Reset();
    }

    public long Integer(int column) => SqliteNative.ColumnInteger(handle, column);

    public string Text(int column)
    {
        var start = SqliteNative.ColumnText(handle, column);
        return start == null ? "" : Encoding.UTF8.GetString(start, SqliteNative.ColumnLength(handle, column));
    }

    /// <summary>A copy of the column's bytes.</summary>
    public byte[] Blob(int column)
    {
        var start = SqliteNative.ColumnBlob(handle, column);
        return start == null ? [] : new ReadOnlySpan<byte>(start, SqliteNative.ColumnLength(handle, column)).ToArray();
    }

    /// <summary>Ready for the next use. An unfinished read holds back the log, so this must follow every read.</summary>
    public void Reset()
    {
        // Both repeat the failure of the last step, which was reported there.
        _ = SqliteNative.Reset(handle);
        _ = SqliteNative.ClearBindings(handle);
    }

    public void Dispose() => handle.Dispose();
}
