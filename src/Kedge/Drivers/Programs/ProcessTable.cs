using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Kedge.Drivers.Programs;

/// <summary>
/// The processes of this machine, as /proc shows them to this user. A zombie counts as dead everywhere: process 1 may
/// not reap (containers), and then a killed orphan stays one for ever.
/// </summary>
public static class ProcessTable
{
    /// <summary>How long to wait between two looks at processes that are to end.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(2);

    public static ProcessIdentity Own { get; } = ProcessStat.Read(Environment.ProcessId)!.Identity;

    /// <summary>Every process, zombies included, as it was at some moment during the call.</summary>
    public static IReadOnlyList<ProcessStat> All() =>
        [.. Pids().Select(ProcessStat.Read).OfType<ProcessStat>()];

    /// <summary>True where it lives and is not another one that was given the same number.</summary>
    public static bool IsAlive(ProcessIdentity process) =>
        ProcessStat.Read(process.Pid) is { IsDead: false } stat && stat.Identity == process;

    /// <summary>Living children, their children, and so on.</summary>
    public static IReadOnlyList<ProcessStat> Descendants(int pid)
    {
        var byParent = All().Where(p => !p.IsDead).ToLookup(p => p.Parent);
        var found = new List<ProcessStat>(byParent[pid]);
        for (var i = 0; i < found.Count; i++)
        {
            found.AddRange(byParent[found[i].Pid].Where(c => !found.Contains(c)));
        }

        return found;
    }

    /// <summary>Living members of a session.</summary>
    public static IReadOnlyList<ProcessStat> OfSession(int session) =>
        [.. All().Where(p => p.Session == session && !p.IsDead)];

    /// <summary>Living processes whose working folder is the given one or below it. Those of other users are seen only by root.</summary>
    public static IReadOnlyList<ProcessStat> InFolder(string folder)
    {
        var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        return [.. All().Where(p => !p.IsDead && WorkingFolder(p.Pid) is { } at
            && (at == root || at.StartsWith(root + '/', StringComparison.Ordinal)))];
    }

    /// <summary>Null where the process is gone or belongs to somebody else.</summary>
    public static string? WorkingFolder(int pid) => ProcFiles.Link(pid, "cwd");

    /// <summary>File that it executes; null where the process is gone or belongs to somebody else.</summary>
    public static string? Executable(int pid) => ProcFiles.Link(pid, "exe");

    /// <summary>The arguments that it was started with, its own name first; none where it is gone or a zombie.</summary>
    public static IReadOnlyList<string> Arguments(int pid) =>
        ProcFiles.Read(pid, "cmdline", expected: 1024) is { Length: > 0 } line ? Encoding.UTF8.GetString(line).TrimEnd('\0').Split('\0') : [];

    /// <summary>Living processes that were started with this environment variable, or inherited it. Those of other users are seen only by root.</summary>
    public static IReadOnlyList<ProcessStat> WithEnvironment(string name, string value)
    {
        var wanted = Encoding.UTF8.GetBytes($"\0{name}={value}\0");
        return [.. Pids().Where(pid => HasInEnvironment(pid, wanted))
            .Select(ProcessStat.Read).OfType<ProcessStat>().Where(p => !p.IsDead)];
    }

    /// <summary>
    /// Sends a signal to exactly this process. False where it is dead, or its number belongs to another one by now.
    /// Throws <see cref="DriverException"/> where this user may not.
    /// </summary>
    public static bool Signal(ProcessIdentity process, int signal) => TrySignal(process, signal) switch
    {
        0 => true,
        NativeCalls.NoSuchProcess => false,
        var error => throw new DriverException($"{process} could not be signalled: {NativeTexts.Error(error)}",
            "it belongs to another user: run Kedge as that user or as root"),
    };

    /// <summary>
    /// Kills a process with SIGKILL, together with its descendants and, where it leads one, its session. Works on
    /// stopped processes, and on those that go on starting others. Returns all that were killed: see <see cref="WaitForEndAsync"/>.
    /// Throws <see cref="DriverException"/> where this user may not kill one.
    /// </summary>
    public static IReadOnlyList<ProcessIdentity> KillTree(ProcessIdentity root)
    {
        var found = new HashSet<ProcessIdentity>();
        // Killing one would hide its children (they get another parent): all are stopped before any is killed.
        while (Tree(root).Where(p => p != Own && found.Add(p)).ToList() is { Count: > 0 } more)
        {
            foreach (var process in more)
            {
                TrySignal(process, StopSignal);
            }
        }

        // All that may be killed are, before it is said that one may not.
        var refused = found.Where(p => TrySignal(p, NativeCalls.Kill) is not (0 or NativeCalls.NoSuchProcess)).ToList();
        return refused.Count == 0
            ? [.. found]
            : throw new DriverException($"not allowed to kill {string.Join(", ", refused)}",
                "it belongs to another user: run Kedge as that user or as root");
    }

    /// <summary>Waits until all are dead; false where some still live after that time.</summary>
    public static async Task<bool> WaitForEndAsync(
        IReadOnlyCollection<ProcessIdentity> processes, TimeSpan atMost, TimeProvider time, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(time);
        var began = time.GetTimestamp();
        while (processes.Any(IsAlive))
        {
            if (time.GetElapsedTime(began) >= atMost)
            {
                return false;
            }

            await Task.Delay(Look, time, cancellation);
        }

        return true;
    }

    /// <summary>The same, but returns the error's number: 0 for none, <see cref="NativeCalls.NoSuchProcess"/> where it is dead.</summary>
    internal static int TrySignal(ProcessIdentity process, int signal)
    {
        // The descriptor names one process for good; only then is it asked which.
        var life = NativeCalls.OpenProcess(process.Pid);
        if (life < 0)
        {
            return Marshal.GetLastPInvokeError();
        }

        try
        {
            return !IsAlive(process) ? NativeCalls.NoSuchProcess
                : NativeCalls.SignalProcess(life, signal) == 0 ? 0
                : Marshal.GetLastPInvokeError();
        }
        finally
        {
            _ = NativeCalls.Close(life);
        }
    }

    /// <summary>
    /// Kills all members of a session whose number cannot be given out again meanwhile, except those that this user may
    /// not kill.
    /// </summary>
    internal static void KillSession(int session)
    {
        var killed = new HashSet<ProcessIdentity>();
        // One that has been sent SIGKILL can start no other: when all present have been, it is over.
        while (OfSession(session).Select(p => p.Identity).Where(killed.Add).ToList() is { Count: > 0 } more)
        {
            foreach (var process in more)
            {
                TrySignal(process, NativeCalls.Kill);
            }
        }
    }

    private const int StopSignal = 19;

    private static IEnumerable<ProcessIdentity> Tree(ProcessIdentity root)
    {
        if (!IsAlive(root))
        {
            return [];
        }

        var descendants = Descendants(root.Pid);
        var session = ProcessStat.Read(root.Pid) is { } stat && stat.Session == root.Pid ? OfSession(root.Pid) : [];
        return descendants.Concat(session).Select(p => p.Identity).Append(root).Distinct();
    }

    private static IEnumerable<int> Pids() =>
        from folder in Directory.EnumerateDirectories("/proc")
        let name = Path.GetFileName(folder)
        where char.IsAsciiDigit(name[0])
        select int.Parse(name, CultureInfo.InvariantCulture);

    private static bool HasInEnvironment(int pid, ReadOnlySpan<byte> wanted)
    {
        ReadOnlySpan<byte> environment = ProcFiles.Read(pid, "environ", expected: 4096);
        return environment.StartsWith(wanted[1..]) || environment.IndexOf(wanted) >= 0;
    }
}
