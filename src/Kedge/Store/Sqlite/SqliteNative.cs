using System.Runtime.InteropServices;

namespace Kedge.Store.Sqlite;

/// <summary>
/// The part of SQLite's C interface that the store needs (https://sqlite.org/c3ref/funclist.html), bound to the system's
/// library. No package for .NET is taken in: the system's own gets its security updates from the distribution.
/// </summary>
internal static partial class SqliteNative
{
    private const string Library = "libsqlite3.so.0";

    public const int Ok = 0;
    public const int Busy = 5;
    public const int ReadOnly = 8;
    public const int IoError = 10;
    public const int Corrupt = 11;
    public const int Full = 13;
    public const int CannotOpen = 14;
    public const int NotADatabase = 26;
    public const int Row = 100;
    public const int Done = 101;

    public const int IoErrorWrite = IoError | (3 << 8);
    public const int IoErrorSync = IoError | (4 << 8);
    public const int IoErrorFolderSync = IoError | (5 << 8);
    public const int IoErrorSharedMemorySize = IoError | (19 << 8);

    /// <summary>SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX: each connection stays with one thread.</summary>
    public const int OpenReadWrite = 0x2 | 0x8000;

    /// <summary>SQLITE_FCNTL_PERSIST_WAL.</summary>
    public const int ControlKeepLog = 10;

    /// <summary>SQLITE_CHECKPOINT_FULL.</summary>
    public const int CheckpointFull = 1;

    /// <summary>SQLITE_PREPARE_PERSISTENT.</summary>
    public const uint PrepareToKeep = 1;

    /// <summary>SQLITE_TRANSIENT: SQLite copies what is bound before the call returns.</summary>
    public const nint Copy = -1;

    [LibraryImport(Library, EntryPoint = "sqlite3_open_v2", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, out DatabaseHandle database, int flags, string? vfs);

    [LibraryImport(Library, EntryPoint = "sqlite3_close_v2")]
    public static partial int Close(nint database);

    [LibraryImport(Library, EntryPoint = "sqlite3_extended_result_codes")]
    public static partial int UseExtendedCodes(DatabaseHandle database, int on);

    [LibraryImport(Library, EntryPoint = "sqlite3_extended_errcode")]
    public static partial int ExtendedCode(DatabaseHandle database);

    [LibraryImport(Library, EntryPoint = "sqlite3_errmsg")]
    public static partial nint ErrorText(DatabaseHandle database);

    [LibraryImport(Library, EntryPoint = "sqlite3_errstr")]
    public static partial nint TextOf(int code);

    [LibraryImport(Library, EntryPoint = "sqlite3_system_errno")]
    public static partial int SystemError(DatabaseHandle database);

    [LibraryImport(Library, EntryPoint = "sqlite3_busy_timeout")]
    public static partial int SetBusyTimeout(DatabaseHandle database, int milliseconds);

    [LibraryImport(Library, EntryPoint = "sqlite3_get_autocommit")]
    public static partial int OutsideTransaction(DatabaseHandle database);

    [LibraryImport(Library, EntryPoint = "sqlite3_file_control", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int FileControl(DatabaseHandle database, string schema, int operation, ref int argument);

    [LibraryImport(Library, EntryPoint = "sqlite3_wal_checkpoint_v2", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Checkpoint(DatabaseHandle database, string schema, int mode, out int frames, out int done);

    [LibraryImport(Library, EntryPoint = "sqlite3_prepare_v3")]
    public static unsafe partial int Prepare(
        DatabaseHandle database, byte* sql, int length, uint flags, out StatementHandle statement, out byte* tail);

    [LibraryImport(Library, EntryPoint = "sqlite3_finalize")]
    public static partial int Finish(nint statement);

    /// <summary>Keeps errno: sqlite3_system_errno says nothing of what fails in here.</summary>
    [LibraryImport(Library, EntryPoint = "sqlite3_step", SetLastError = true)]
    public static partial int Step(StatementHandle statement);

    [LibraryImport(Library, EntryPoint = "sqlite3_reset")]
    public static partial int Reset(StatementHandle statement);

    [LibraryImport(Library, EntryPoint = "sqlite3_clear_bindings")]
    public static partial int ClearBindings(StatementHandle statement);

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_int64")]
    public static partial int BindInteger(StatementHandle statement, int index, long value);

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_text")]
    public static unsafe partial int BindText(StatementHandle statement, int index, byte* text, int length, nint release);

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_blob")]
    public static unsafe partial int BindBlob(StatementHandle statement, int index, byte* data, int length, nint release);

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_zeroblob")]
    public static partial int BindZeroes(StatementHandle statement, int index, int length);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_int64")]
    public static partial long ColumnInteger(StatementHandle statement, int column);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_text")]
    public static unsafe partial byte* ColumnText(StatementHandle statement, int column);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_blob")]
    public static unsafe partial byte* ColumnBlob(StatementHandle statement, int column);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_bytes")]
    public static partial int ColumnLength(StatementHandle statement, int column);

    [LibraryImport(Library, EntryPoint = "sqlite3_sleep")]
    public static partial int Sleep(int milliseconds);
}

/// <summary>A connection; closed when disposed, after its last statement at the latest.</summary>
internal sealed class DatabaseHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle() => SqliteNative.Close(handle) == SqliteNative.Ok;
}

/// <summary>A prepared statement.</summary>
internal sealed class StatementHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    // The result repeats the statement's last failure, which was already reported.
    protected override bool ReleaseHandle()
    {
        _ = SqliteNative.Finish(handle);
        return true;
    }
}
