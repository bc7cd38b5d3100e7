using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Kedge.Demo.World;

/// <summary>What Linux offers and .NET does not.</summary>
internal static partial class NativeCalls
{
    private const int InvalidArgument = 22;
    private const int SetChildSubreaper = 36;
    private const int NoHang = 1;
    private const int RemoveIdentifier = 0;

    /// <summary>From now on descendants whose parent dies become children of this process, and not of process 1.</summary>
    public static void AdoptOrphans()
    {
        if (Prctl(SetChildSubreaper, 1, 0, 0, 0) != 0)
        {
            throw new Win32Exception();
        }
    }

    /// <summary>Takes a dead child out of the process table; nothing where it is not dead, or not a child.</summary>
    public static void Reap(int pid) => _ = WaitPid(pid, out _, NoHang);

    public static void ChangeOwner(string path, uint user, uint group)
    {
        if (Chown(path, user, group) != 0)
        {
            throw new Win32Exception();
        }
    }

    /// <summary>Removes a System V shared memory segment; nothing where it is gone already.</summary>
    public static void RemoveSharedMemory(int id)
    {
        if (SharedMemoryControl(id, RemoveIdentifier, 0) != 0 && Marshal.GetLastPInvokeError() != InvalidArgument)
        {
            throw new Win32Exception();
        }
    }

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static partial int Prctl(int option, nuint a, nuint b, nuint c, nuint d);

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    private static partial int WaitPid(int pid, out int status, int options);

    [LibraryImport("libc", EntryPoint = "chown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Chown(string path, uint user, uint group);

    [LibraryImport("libc", EntryPoint = "shmctl", SetLastError = true)]
    private static partial int SharedMemoryControl(int id, int command, nint buffer);
}
