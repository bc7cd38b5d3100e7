namespace Kedge.Demo.World;

/// <summary>
/// The processes of one part of the demo's world, known by its folder: those that work in it or name it in their
/// arguments, and their descendants. A person who looks around in the folder with a shell or a pager is none of them.
/// </summary>
internal static class FolderProcesses
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>Those that live, zombies left out; never this process or one that it descends from.</summary>
    public static IReadOnlyList<ProcessView> Find(string folder)
    {
        var all = ProcessView.All();
        var byPid = all.ToDictionary(p => p.Pid);
        var ours = new HashSet<int>();
        for (var pid = Environment.ProcessId; byPid.TryGetValue(pid, out var one); pid = one.Parent)
        {
            ours.Add(pid);
        }

        var children = all.Where(p => p.Lives && !ours.Contains(p.Pid)).ToLookup(p => p.Parent);
        var found = all.Where(p => p.Lives && !ours.Contains(p.Pid) && BelongsTo(p, folder)).ToDictionary(p => p.Pid);
        var queue = new Queue<ProcessView>(found.Values);
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
        var killed = new HashSet<int>();
        var began = time.GetTimestamp();
        while (Find(folder) is { Count: > 0 } living)
        {
            foreach (var process in living)
            {
                NativeCalls.Signal(process.Pid, NativeCalls.Kill);
                killed.Add(process.Pid);
            }

            if (time.GetElapsedTime(began) > Limit)
            {
                throw new InvalidOperationException(
                    $"processes {string.Join(", ", living.Select(p => p.Pid))} in {folder} do not die of SIGKILL");
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
            var running = all.Where(p => p.State is not ('T' or 't')).ToList();
            if (running.Count == 0)
            {
                return all.Count;
            }

            foreach (var process in running)
            {
                NativeCalls.Signal(process.Pid, NativeCalls.Stop);
            }

            await Task.Delay(Look, time, cancellation);
        }
    }

    private static bool BelongsTo(ProcessView process, string folder) => process.Program() switch
    {
        "postgres" or "knotd" or "kedge" or "dotnet" or "setpriv" or "setsid" or "env" =>
            IsWithin(process.Folder(), folder) || process.Arguments().Any(a => Names(a, folder)),
        ['p', 'g', '_', ..] or "initdb" or "sh" or "dash" => process.Arguments().Any(a => Names(a, folder)),
        _ => false,
    };

    private static bool IsWithin(string path, string folder) =>
        path == folder || path.StartsWith(folder + '/', StringComparison.Ordinal);

    /// <summary>Also within an argument: <c>config_file=/folder/file</c>.</summary>
    private static bool Names(string argument, string folder) =>
        argument.IndexOf(folder, StringComparison.Ordinal) is >= 0 and var at
        && (at + folder.Length == argument.Length || argument[at + folder.Length] == '/');
}
