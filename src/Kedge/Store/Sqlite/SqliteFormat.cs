using System.Globalization;

namespace Kedge.Store.Sqlite;

/// <summary>The file's tables and its format version.</summary>
internal static class SqliteFormat
{
    /// <summary>Grows when the tables change in a way that an older Kedge would misread.</summary>
    public const int Version = 1;

    /// <summary>"KDGE", in SQLite's header at byte 68, where file(1) and <c>PRAGMA application_id</c> show it.</summary>
    private const int ApplicationId = 0x4B444745;

    private const string Tables =
        """
        CREATE TABLE records (position INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT;
        CREATE TABLE leases (name TEXT PRIMARY KEY, holder TEXT NOT NULL, until_ms INTEGER NOT NULL, duration_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE latest (key TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID
        """;

    /// <summary>
    /// Creates the file with its folder, for this user alone, where there is none. Returns which file it is.
    /// </summary>
    public static FileIdentity CreateFile(string path)
    {
        var folder = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        if (LinuxFiles.Identify(path) is { } found)
        {
            return found;
        }

        // An existing file is never opened here: closing it would drop the locks that SQLite holds on it in this process
        // (fcntl(2)), which is why this asks to create and nothing else.
        try
        {
            using var created = new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                Share = FileShare.ReadWrite | FileShare.Delete,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
            LinuxFiles.GiveToOwnerOf(folder, path);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process was faster.
        }

        LinuxFiles.SyncFolder(folder);
        if (Path.GetDirectoryName(folder) is { } parent)
        {
            LinuxFiles.SyncFolder(parent);
        }

        return LinuxFiles.Identify(path) ?? throw new FileNotFoundException($"{path} was removed while it was opened", path);
    }

    /// <summary>
    /// Turns the write-ahead log on, and makes the tables in an empty file. Throws <see cref="StoreException"/> for a file
    /// that is not Kedge's (which is left as it is), or one of a newer version.
    /// </summary>
    public static void Ensure(SqliteConnection connection, string path)
    {
        var made = LookAtOnce(connection, path);
        if (connection.Ask("PRAGMA journal_mode = WAL") is not "wal" and var mode)
        {
            throw new StoreException(
                $"{path} cannot have a write-ahead log (SQLite answered '{mode}'): its file system lacks shared memory. Put it on a local disk.");
        }

        if (!made)
        {
            MakeTables(connection, path);
        }
    }

    private static void MakeTables(SqliteConnection connection, string path)
    {
        connection.Execute("BEGIN IMMEDIATE");
        try
        {
            // Another process may have made them since.
            if (!IsKedges(connection, path))
            {
                foreach (var table in Tables.Split(";\n"))
                {
                    connection.Execute(table);
                }

                connection.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {Version}"));
                connection.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA application_id = {ApplicationId}"));
            }

            connection.Execute("COMMIT");
        }
        finally
        {
            connection.RollBackIfOpen();
        }
    }

    /// <summary>All of it as of one moment: another process may be making the tables just now.</summary>
    private static bool LookAtOnce(SqliteConnection connection, string path)
    {
        connection.Execute("BEGIN");
        try
        {
            return IsKedges(connection, path);
        }
        finally
        {
            connection.RollBackIfOpen();
        }
    }

    /// <summary>False for an empty file, which may become a store.</summary>
    private static bool IsKedges(SqliteConnection connection, string path)
    {
        var application = connection.AskNumber("PRAGMA application_id");
        var version = connection.AskNumber("PRAGMA user_version");
        if (application == ApplicationId)
        {
            return version <= Version
                ? true
                : throw new StoreException(
                    $"{path} has format version {version}; this Kedge knows versions up to {Version}. Use the Kedge that wrote it, or a newer one.");
        }

        return application == 0 && version == 0 && connection.AskNumber("SELECT count(*) FROM sqlite_schema") == 0
            ? false
            : throw new StoreException($"{path} is an SQLite database, but not a Kedge store. Name another file.");
    }
}
