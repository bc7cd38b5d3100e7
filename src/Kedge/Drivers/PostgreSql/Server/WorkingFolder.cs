using System.Runtime.InteropServices;
using System.Text;

namespace Kedge.Drivers.PostgreSql.Server;

/// <summary>The working folder of a process, or why it cannot be told: for a fence the difference matters.</summary>
/// <param name="Path">Null where it has none (any more), or may not be seen.</param>
/// <param name="Hidden">True where this user may not see it; false where the process is gone or about to be: it has let go of its files by then.</param>
internal readonly partial record struct WorkingFolder(string? Path, bool Hidden)
{
    private const int AccessDenied = 13;
    private const int NotPermitted = 1;

    public static WorkingFolder Of(int pid)
    {
        Span<byte> buffer = stackalloc byte[4096];
        var length = ReadLink($"/proc/{pid}/cwd", buffer, buffer.Length);
        return length >= 0
            ? new(Encoding.UTF8.GetString(buffer[..(int)length]), false)
            : new(null, Marshal.GetLastPInvokeError() is AccessDenied or NotPermitted);
    }

    [LibraryImport("libc", EntryPoint = "readlink", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint ReadLink(string path, Span<byte> buffer, nint length);
}
