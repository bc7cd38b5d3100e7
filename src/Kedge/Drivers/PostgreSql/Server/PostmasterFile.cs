using System.Globalization;
using Kedge.Drivers.Programs;

namespace Kedge.Drivers.PostgreSql.Server;

/// <summary>
/// What <c>postmaster.pid</c> in a data folder says: process, data folder, start time, port, socket folder, address,
/// shared memory, state (see miscadmin.h of PostgreSQL).
/// </summary>
/// <param name="SocketFolder">Null where the server has no Unix socket.</param>
/// <param name="Address">The first address at which it listens; null where it listens at none.</param>
/// <param name="Status"><c>starting</c>, <c>standby</c>, <c>ready</c> or <c>stopping</c>; empty while it is still being written.</param>
internal sealed record PostmasterFile(int Pid, int? Port, string? SocketFolder, string? Address, string Status)
{
    public const string Name = "postmaster.pid";

    /// <summary>True once it accepts connections, or, where a standby is not to accept any, is consistent.</summary>
    public bool IsReady => Status is "ready" or "standby";

    /// <summary>Null where there is none, or none that can be read yet.</summary>
    public static PostmasterFile? Read(string data)
    {
        try
        {
            var lines = File.ReadAllLines(Path.Join(data, Name));
            return lines.Length > 0 && int.TryParse(lines[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var pid)
                ? new(Math.Abs(pid), Line(3) is { } port && int.TryParse(port, out var number) ? number : null, Line(4), Line(5), Line(7) ?? "")
                : null;

            string? Line(int index) => lines.Length > index && lines[index].Trim() is { Length: > 0 } text ? text : null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>
    /// Takes away the lock files of a server that is dead, its data folder's and its socket's. PostgreSQL does so itself
    /// unless the old process number still exists: one of a zombie does, for as long as nobody reaps it. Does nothing
    /// while a process of the folder lives. Returns what was taken away.
    /// </summary>
    public static IReadOnlyList<string> ClearStale(string data, IEnumerable<string> socketFolders)
    {
        var cleared = new List<string>();
        if (!ServerProcesses.Find(data).AllDead)
        {
            return cleared;
        }

        var own = Read(data);
        foreach (var folder in socketFolders.Append(own?.SocketFolder ?? "").Where(f => f.StartsWith('/') && Directory.Exists(f)).Distinct())
        {
            foreach (var file in Directory.EnumerateFiles(folder, ".s.PGSQL.*.lock"))
            {
                var lines = File.ReadAllLines(file);
                if (lines.Length > 1 && SameFolder(lines[1], data) && int.TryParse(lines[0], out var owner) && !IsServer(owner))
                {
                    cleared.Add(file);
                    File.Delete(file[..^".lock".Length]);
                    File.Delete(file);
                }
            }
        }

        if (own is not null && !IsServer(own.Pid))
        {
            cleared.Add(Path.Join(data, Name));
            File.Delete(Path.Join(data, Name));
        }

        return cleared;
    }

    /// <summary>A number that a living program other than PostgreSQL has by now does not keep the lock.</summary>
    private static bool IsServer(int pid) =>
        ProcessStat.Read(Math.Abs(pid)) is { IsDead: false, Name: "postgres" or "postmaster" };

    private static bool SameFolder(string one, string other) =>
        ServerProcesses.RealPath(one) == ServerProcesses.RealPath(other);
}
