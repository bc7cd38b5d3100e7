using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Kedge.Recover.Fence;

/// <summary>What proc(5), kill(2) and pidfd_open(2) say of processes.</summary>
internal static partial class LinuxProcesses
{
    private const int Kill = 9;
    private const int NoSuchProcess = 3;

    /// <summary>
    /// Names this boot of this machine's kernel, and the space in which its process identifiers count: a container counts
    /// its own, so that one's number means nothing in another.
    /// </summary>
    public static string Machine()
    {
        var boot = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();
        var space = new FileInfo("/proc/self/ns/pid").LinkTarget
            ?? throw new InvalidOperationException("/proc/self/ns/pid is no link: is /proc mounted?");
        return $"{boot}/{space}";
    }

    /// <summary>Start (field 22) and state (field 3) of a process; null where /proc does not show it, which is no proof.</summary>
    public static (long Started, char State)? Look(int process)
    {
        string stat;
        try
        {
            stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/stat"));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        // The program's name, in parentheses, may itself hold spaces and parentheses.
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (long.Parse(fields[19], CultureInfo.InvariantCulture), fields[0][0]);
    }

    /// <summary>True where a process executes the same file as this one; false where that may not be seen.</summary>
    public static bool RunsThisProgram(int process)
    {
        try
        {
            return new FileInfo(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/exe")).LinkTarget is { } other
                && other == new FileInfo("/proc/self/exe").LinkTarget;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>True where the kernel knows no process of that number; /proc may hide those of other users.</summary>
    public static bool IsNone(int process) => SendTo(process, 0) != 0 && Marshal.GetLastPInvokeError() == NoSuchProcess;

    /// <summary>
    /// Kills a process if it is still the one that started then; false where it is not, or may not be killed. Through a
    /// descriptor of the process where kernel and libc have them (Linux 5.3, glibc 2.36), so that the number cannot have
    /// been given to another in between.
    /// </summary>
    public static bool KillIfStarted(int process, long started)
    {
        try
        {
            using var handle = new SafeFileHandle(OpenProcess(process, 0), ownsHandle: true);
            if (!handle.IsInvalid)
            {
                return Look(process)?.Started == started && SendThrough(handle, Kill, 0, 0) == 0;
            }
        }
        catch (EntryPointNotFoundException)
        {
            // An older libc: by number, below.
        }

        return Look(process)?.Started == started && SendTo(process, Kill) == 0;
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendTo(int process, int signal);

    [LibraryImport("libc", EntryPoint = "pidfd_open", SetLastError = true)]
    private static partial int OpenProcess(int process, uint flags);

    [LibraryImport("libc", EntryPoint = "pidfd_send_signal", SetLastError = true)]
    private static partial int SendThrough(SafeFileHandle process, int signal, nint info, uint flags);
}
