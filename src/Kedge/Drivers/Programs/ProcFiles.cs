using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;

namespace Kedge.Drivers.Programs;

/// <summary>
/// Files of proc(5), read with the bare system calls: a look at the processes of a machine opens hundreds of them, while
/// a site is being recovered, and a stream and a file lock for each would cost more than the reading.
/// </summary>
internal static unsafe class ProcFiles
{
    private const int MostPath = 64;
    private const int MostLink = 4096;

    /// <summary>
    /// The whole of <c>/proc/PID/NAME</c>; null where the process is gone, or this user may not look at it. Throws
    /// <see cref="DriverException"/> where it cannot be read for another reason: that a process is gone must be known.
    /// </summary>
    /// <param name="expected">Bytes that are most often enough.</param>
    public static byte[]? Read(int pid, string name, int expected)
    {
        var path = stackalloc byte[MostPath];
        Write(path, pid, name);
        var file = NativeCalls.Open(path, NativeCalls.CloseOnExec, 0);
        if (file < 0)
        {
            return Marshal.GetLastPInvokeError() is NativeCalls.NoSuchFile or NativeCalls.NoSuchProcess or NativeCalls.AccessDenied or NativeCalls.NotPermitted
                ? null
                : throw Unreadable(pid, name);
        }

        try
        {
            var buffer = new byte[expected];
            for (var length = 0; ;)
            {
                if (length == buffer.Length)
                {
                    Array.Resize(ref buffer, length * 2);
                }

                nint read;
                fixed (byte* rest = &buffer[length])
                {
                    read = NativeCalls.Read(file, rest, buffer.Length - length);
                }

                switch (read)
                {
                    case 0:
                        return buffer[..length];
                    case < 0 when Marshal.GetLastPInvokeError() is NativeCalls.NoSuchProcess or NativeCalls.AccessDenied or NativeCalls.NotPermitted:
                        return null;
                    case < 0 when Marshal.GetLastPInvokeError() != NativeCalls.Interrupted:
                        throw Unreadable(pid, name);
                    case < 0:
                        break;
                    default:
                        length += (int)read;
                        break;
                }
            }
        }
        finally
        {
            _ = NativeCalls.Close(file);
        }
    }

    /// <summary>Where the link <c>/proc/PID/NAME</c> leads; null where it cannot be told.</summary>
    public static string? Link(int pid, string name) => Link(pid, name, out _);

    /// <summary>The same, with the error's number as readlink(2) has it; 0 for none.</summary>
    public static string? Link(int pid, string name, out int error)
    {
        var path = stackalloc byte[MostPath];
        Write(path, pid, name);
        var target = stackalloc byte[MostLink];
        var length = NativeCalls.ReadLink(path, target, MostLink);
        error = length < 0 ? Marshal.GetLastPInvokeError() : 0;
        return length < 0 ? null : Encoding.UTF8.GetString(target, (int)length);
    }

    private static DriverException Unreadable(int pid, string name) => new(
        $"/proc/{pid}/{name} cannot be read: {NativeTexts.Error(Marshal.GetLastPInvokeError())}",
        "look at the limits of the process of Kedge (open files, memory)");

    private static void Write(byte* path, int pid, string name)
    {
        if (!Utf8.TryWrite(new Span<byte>(path, MostPath), $"/proc/{pid}/{name}\0", out _))
        {
            throw new ArgumentException($"'{name}' is too long", nameof(name));
        }
    }
}
