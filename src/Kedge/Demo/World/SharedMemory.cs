using System.Globalization;

namespace Kedge.Demo.World;

/// <summary>
/// The System V segments by which PostgreSQL notices a second server on the same data. A server that is killed leaves
/// its segment behind; <c>postmaster.pid</c> tells which (seventh line: key and identifier).
/// </summary>
internal static class SharedMemory
{
    /// <summary>Identifiers of the segments of all data folders below a folder.</summary>
    public static IReadOnlySet<int> Of(string folder) =>
        Directory.EnumerateFiles(folder, "postmaster.pid", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true })
            .Select(file => File.ReadLines(file).ElementAtOrDefault(6)?.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(parts => parts?.Length == 2)
            .Select(parts => int.Parse(parts![1], CultureInfo.InvariantCulture))
            .ToHashSet();

    /// <summary>Removes those of them that nobody uses any more.</summary>
    public static void Remove(IReadOnlySet<int> identifiers)
    {
        // key, shmid, perms, size, cpid, lpid, nattch: proc(5), /proc/sysvipc/shm.
        var unused = File.ReadLines("/proc/sysvipc/shm").Skip(1)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields[6] == "0")
            .Select(fields => int.Parse(fields[1], CultureInfo.InvariantCulture));
        foreach (var id in unused.Where(identifiers.Contains))
        {
            NativeCalls.RemoveSharedMemory(id);
        }
    }
}
