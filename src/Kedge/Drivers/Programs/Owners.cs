using System.Globalization;

namespace Kedge.Drivers.Programs;

/// <summary>To which user, by number, a file or a process belongs.</summary>
public static class Owners
{
    private const int RelativeToHere = -100;
    private const uint OwnerWanted = 0x8;
    private const int StatusBytes = 256;
    private const int OwnerAt = 20;

    /// <summary>The owner of a file or folder, symbolic links followed (statx(2)); null where it cannot be looked at.</summary>
    public static unsafe uint? OfFile(string path)
    {
        var status = stackalloc byte[StatusBytes];
        return NativeCalls.Status(RelativeToHere, path, 0, OwnerWanted, status) == 0 ? *(uint*)(status + OwnerAt) : null;
    }

    /// <summary>The effective user of a process (<c>/proc/PID/status</c>, proc(5)); null where it is gone or hidden.</summary>
    public static uint? OfProcess(int pid)
    {
        try
        {
            foreach (var line in File.ReadLines($"/proc/{pid}/status"))
            {
                if (line.StartsWith("Uid:", StringComparison.Ordinal))
                {
                    return uint.Parse(line.Split('\t', StringSplitOptions.RemoveEmptyEntries)[2], CultureInfo.InvariantCulture);
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }

        return null;
    }
}
