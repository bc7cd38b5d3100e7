using System.Globalization;
using System.Runtime.InteropServices;

namespace Kedge.Drivers.Programs;

/// <summary>
/// Who gets a processor first. On the morning of a disaster everything starts at once, on machines that are too small for
/// it: whoever leads the recovery must not wait behind what he starts. Linux keeps a nice value for each thread
/// (sched(7)); a program inherits that of the thread that starts it.
/// </summary>
public static partial class ProcessPriority
{
    private const int OfAThread = 0;
    private const int Ahead = -10;

    /// <summary>What it was before it was raised; null where it was not.</summary>
    private static int? ordinary;

    /// <summary>
    /// Puts all threads of this process ahead of others, where the system allows it (to root, and with CAP_SYS_NICE or
    /// RLIMIT_NICE); threads that are made later inherit it, and what the process starts stays as it was.
    /// </summary>
    public static void Raise()
    {
        // A value of -1 is also how the call says that it failed; a process that is ahead already needs no more of it.
        if (ordinary is not null || GetPriority(OfAThread, 0) is not (>= 0 and var before))
        {
            return;
        }

        ordinary = before;
        foreach (var thread in Directory.EnumerateDirectories("/proc/self/task"))
        {
            // Refused for an ordinary user, and gone with a thread that has ended: then it stays as it is.
            _ = SetPriority(OfAThread, int.Parse(Path.GetFileName(thread), CultureInfo.InvariantCulture), before + Ahead);
        }
    }

    /// <summary>Makes the calling thread one like any other again, where the process was raised: for the thread that starts programs.</summary>
    internal static void MakeOrdinary()
    {
        if (ordinary is { } before)
        {
            _ = SetPriority(OfAThread, 0, before);
        }
    }

    [LibraryImport("libc", EntryPoint = "getpriority", SetLastError = true)]
    private static partial int GetPriority(int which, int who);

    [LibraryImport("libc", EntryPoint = "setpriority", SetLastError = true)]
    private static partial int SetPriority(int which, int who, int value);
}
