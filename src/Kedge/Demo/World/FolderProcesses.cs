using Kedge.Drivers.Programs;

namespace Kedge.Demo.World;

/// <summary>
/// The processes of one part of the demo's world, known by its folder: those that work in it or name it in their
/// arguments, and their descendants. A person who looks around in the folder with a shell or a pager is none of them.
/// </summary>
internal static class FolderProcesses
{
    private const int KillSignal = 9;
    private const int StopSignal = 19;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>Those that live, zombies left out; never this process or one that it descends from.</summary>
    public static IReadOnlyList<ProcessStat> Find(string folder)
    {
        var all = ProcessTable.All().ToDictionary(p => p.Pid);
        for (var pid = Environment.ProcessId; all.Remove(pid, out var one);)
        {
            pid = one.Parent;
        }

        var children = all.Values.Where(p => !p.IsDead).ToLookup(p => p.Parent);
        var found = all.Values.Where(p => !p.IsDead && BelongsTo(p.Pid, folder)).ToDictionary(p => p.Pid);
        var queue = new Queue<ProcessStat>(found.Values);
        while (queue.TryDequeue(out var parent))
        {
            foreach (var child in children[parent.Pid].Where(c => found.TryAdd(c.Pid, c)))
            {
                queue.Enqueue(child);
            }
        }

        return [.. found.Values];
    }

    /// <summary>Sends SIGKILL to all at once, and to whatever they start meanwhile, until none lives. Returns how many died.</summary>
    public static async Task<int> KillAsync(string folder, TimeProvider time, CancellationToken cancellation)
    {
        var killed = new HashSet<ProcessIdentity>();
        var began = time.GetTimestamp();
        while (Find(folder) is { Count: > 0 } living)
        {
            foreach (var process in living)
            {
                ProcessTable.Signal(process.Identity, KillSignal);
                killed.Add(process.Identity);
            }

            if (time.GetElapsedTime(began) > Limit)
            {
                throw new DemoException(
                    $"processes {string.Join(", ", living.Select(p => p.Pid))} in {folder} do not die of SIGKILL", "they wait for a device");
            }

            await Task.Delay(Look, time, cancellation);
        }

        return killed.Count;
    }

    /// <summary>Stops all with SIGSTOP, until every one of them is stopped: their ports stay open and nothing answers.</summary>
    public static async Task<int> StopAsync(string folder, TimeProvider time, CancellationToken cancellation)
    {
        while (true)
        {
            var all = Find(folder);
            var running = all.Where(p => !p.IsStopped).ToList();
            if (running.Count == 0)
            {
                return all.Count;
            }

            foreach (var process in running)
            {
                ProcessTable.Signal(process.Identity, StopSignal);
            }

            await Task.Delay(Look, time, cancellation);
        }
    }

    private static bool BelongsTo(int pid, string folder) => Path.GetFileName(ProcessTable.Executable(pid)) switch
    {
        "postgres" or "knotd" or "kedge" or "dotnet" or "setpriv" or "env" =>
            (ProcessTable.WorkingFolder(pid) is { } at && IsWithin(at, folder)) || ProcessTable.Arguments(pid).Any(a => Names(a, folder)),
        ['p', 'g', '_', ..] or "initdb" => ProcessTable.Arguments(pid).Any(a => Names(a, folder)),
        _ => false,
    };

    private static bool IsWithin(string path, string folder) =>
        path == folder || path.StartsWith(folder + '/', StringComparison.Ordinal);

    /// <summary>Also within an argument: <c>config_file=/folder/file</c>.</summary>
    private static bool Names(string argument, string folder) =>
        argument.IndexOf(folder, StringComparison.Ordinal) is >= 0 and var at
        && (at + folder.Length == argument.Length || argument[at + folder.Length] == '/');
}
