using System.Globalization;

namespace Kedge.Store.Sqlite;

/// <summary>
/// Who holds a store's lock for writing, as /proc/locks tells (proc(5)). The file itself may not be opened for that:
/// closing it would drop the locks that SQLite holds on it in this process (fcntl(2)).
/// </summary>
internal static class WriteLock
{
    /// <summary>The byte of the shared index that whoever writes has locked (https://sqlite.org/walformat.html#wal_locks).</summary>
    private const long At = 120;

    /// <summary>The process's number; null where nobody holds it by now, or the holder's number is not known here (a container's).</summary>
    public static int? HolderOf(string path)
    {
        try
        {
            return LinuxFiles.Identify($"{path}-shm") is { } index
                ? File.ReadLines("/proc/locks").Select(l => HolderOf(l, index.Inode)).FirstOrDefault(h => h is not null)
                : null;
        }
        catch (Exception unknown) when (unknown is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // 1: POSIX  ADVISORY  WRITE 18696 fe:00:11660186 120 120
    private static int? HolderOf(string line, ulong inode) =>
        line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, "POSIX", _, "WRITE", var process, var file, var first, var last]
        && file.EndsWith($":{inode.ToString(CultureInfo.InvariantCulture)}", StringComparison.Ordinal)
        && long.Parse(first, CultureInfo.InvariantCulture) <= At
        && (last == "EOF" || long.Parse(last, CultureInfo.InvariantCulture) >= At)
        && int.Parse(process, CultureInfo.InvariantCulture) is > 0 and var holder
            ? holder
            : null;
}
