using Kedge.Drivers.Programs;

namespace Kedge.Drivers.PostgreSql.Server;

/// <summary>
/// The living server processes of one data folder on this machine. They are known by their working folder, which every
/// PostgreSQL process keeps at its data folder, and not by <c>postmaster.pid</c> alone: that file may be stale, gone, or
/// name a number that another program was given, and children may outlive a postmaster that was killed.
/// </summary>
/// <param name="Living">Without zombies: those do nothing any more.</param>
/// <param name="Hidden">Server processes whose folder this user may not see, of the user who owns the data: one of them may belong here.</param>
internal sealed record ServerProcesses(IReadOnlyList<ProcessStat> Living, int Hidden)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(2);
    private const int Interrupt = 2;
    private const int Quit = 3;
    private const int Kill = 9;

    public bool AllDead => Living.Count == 0 && Hidden == 0;

    /// <summary>The one whose parent is not among them; null where none lives, or only orphans of it.</summary>
    public ProcessStat? Postmaster =>
        Living.FirstOrDefault(p => Living.All(o => o.Pid != p.Parent) && Living.Any(c => c.Parent == p.Pid))
        ?? (Living.Count == 1 ? Living[0] : null);

    public static ServerProcesses Find(string data)
    {
        var folder = RealPath(data);
        var living = new List<ProcessStat>();
        var hidden = 0;
        var owner = Owners.OfFile(folder);
        foreach (var entry in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(entry.AsSpan()), out var pid))
            {
                continue;
            }

            var at = WorkingFolder.Of(pid);
            if ((at.Hidden || at.Path == folder) && ProcessStat.Read(pid) is { IsDead: false, Name: "postgres" or "postmaster" } stat)
            {
                if (!at.Hidden)
                {
                    living.Add(stat);
                }
                else if (MayServe(Owners.OfProcess(pid), owner))
                {
                    hidden++;
                }
            }
        }

        return new(living, hidden);
    }

    /// <summary>The data folders of all servers that run on this machine, as far as this user may see them.</summary>
    public static IReadOnlyList<string> DataFolders() =>
    [
        .. ProcessTable.All()
            .Where(p => p is { IsDead: false, Name: "postgres" or "postmaster" })
            .Select(p => ProcessTable.WorkingFolder(p.Pid))
            .OfType<string>()
            .Distinct()
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Asks for a fast stop (SIGINT to the postmaster); false where there is none to ask.</summary>
    public bool AskFastStop() => Postmaster is { } postmaster && ProcessTable.Signal(postmaster.Identity, Interrupt);

    /// <summary>
    /// Stops all of them at once and returns when none lives: an immediate stop (SIGQUIT) that has
    /// <paramref name="patience"/> to end, then SIGKILL, at once for processes that a signal has stopped. Throws
    /// <see cref="DriverException"/> where some do not die within <paramref name="limit"/>.
    /// </summary>
    public static async Task<string> EndAsync(
        string data, TimeSpan patience, TimeSpan limit, TimeProvider time, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        var found = Find(data);
        var first = found.Living.Count;
        if (first > 0 && found.Postmaster is { IsStopped: false } postmaster && found.Living.All(p => !p.IsStopped)
            && ProcessTable.Signal(postmaster.Identity, Quit))
        {
            await ProcessTable.WaitForEndAsync([.. found.Living.Select(p => p.Identity)], patience, time, cancellation);
            found = Find(data);
            if (found.AllDead)
            {
                return $"{first} processes ended by an immediate stop";
            }
        }

        while (!found.AllDead)
        {
            // The postmaster first: nobody else can start new ones.
            foreach (var process in found.Living.OrderByDescending(p => p == found.Postmaster))
            {
                ProcessTable.Signal(process.Identity, Kill);
            }

            if (time.GetElapsedTime(began) > limit)
            {
                throw new DriverException(found.Hidden > 0 && found.Living.Count == 0
                    ? $"{found.Hidden} processes of PostgreSQL belong to users that this process may not look at: one may be of {data}"
                    : $"{found.Living.Count} processes of {data} do not die of SIGKILL: they wait for a device",
                    "cut the site off with its fence command, or turn the machine off and attest it", outcomeUnknown: true);
            }

            await Task.Delay(Look, time, cancellation);
            found = Find(data);
        }

        return first == 0 ? "none lived" : $"{first} processes killed";
    }

    /// <summary>PostgreSQL refuses to serve a data folder that belongs to another user than its own.</summary>
    /// <param name="user">Whose the server process is; null where that cannot be told.</param>
    /// <param name="owner">Whose the data is; null where that cannot be told.</param>
    internal static bool MayServe(uint? user, uint? owner) => owner is null || user is null || user == owner;

    /// <summary>The path with every symbolic link in it followed, as the kernel shows working folders.</summary>
    public static string RealPath(string path)
    {
        var at = "/";
        var parts = new Stack<string>(path.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse());
        for (var links = 0; parts.TryPop(out var part);)
        {
            if (part is "." or "..")
            {
                at = part == "." ? at : Path.GetDirectoryName(at) ?? "/";
                continue;
            }

            var next = Path.Join(at, part);
            if (links < 40 && new FileInfo(next).LinkTarget is { } target)
            {
                links++;
                at = target.StartsWith('/') ? "/" : at;
                foreach (var piece in target.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse())
                {
                    parts.Push(piece);
                }
            }
            else
            {
                at = next;
            }
        }

        return at;
    }
}
