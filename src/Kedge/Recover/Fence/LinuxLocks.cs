using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Kedge.Recover.Fence;

/// <summary>flock(2) and fsync(2) of folders, which .NET does not offer as such.</summary>
internal static partial class LinuxLocks
{
    private const int ExclusiveOrFail = 2 | 4;
    private const int Interrupted = 4;
    private const int WouldBlock = 11;
    private const int CloseOnExec = 0x80000;
    private const int Create = 0x40;
    private const int ReadWrite = 2;

    private static readonly bool IsArm = RuntimeInformation.ProcessArchitecture is Architecture.Arm or Architecture.Arm64;
    private static readonly int OnlyFolder = IsArm ? 0x4000 : 0x10000;
    private static readonly int NoSymbolicLink = IsArm ? 0x8000 : 0x20000;

    /// <summary>
    /// Opens, and creates where needed, a file for this user alone. Programs that this process starts do not inherit it,
    /// so none of them keeps the lock when this process dies.
    /// </summary>
    public static SafeFileHandle OpenLockFile(string path) => Open(path, ReadWrite | Create | CloseOnExec | NoSymbolicLink, 0x180);

    /// <summary>False where another open file, of this process or another, has the lock.</summary>
    public static bool TryLock(SafeFileHandle file, string path)
    {
        while (Lock(file, ExclusiveOrFail) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            if (error == WouldBlock)
            {
                return false;
            }

            if (error != Interrupted)
            {
                throw Failed("lock", path, error);
            }
        }

        return true;
    }

    /// <summary>False where the path names another file than the open one, or none: a lock on this one guards nothing.</summary>
    public static bool IsStillAt(SafeFileHandle file, string path)
    {
        const int currentFolder = -100, followNothing = 0x100, ofHandle = 0x1000;
        const uint inodeField = 0x100;
        return Statx((int)file.DangerousGetHandle(), "", ofHandle, inodeField, out var open) == 0
            && Statx(currentFolder, path, followNothing, inodeField, out var named) == 0
            && (open.Inode, open.DeviceMajor, open.DeviceMinor) == (named.Inode, named.DeviceMajor, named.DeviceMinor);
    }

    /// <summary>Brings the folder's own entries (new and renamed names) to the disk.</summary>
    public static void SyncFolder(string folder)
    {
        using var handle = Open(folder, OnlyFolder | CloseOnExec, 0);
        if (Sync(handle) != 0)
        {
            throw Failed("sync", folder, Marshal.GetLastPInvokeError());
        }
    }

    private static SafeFileHandle Open(string path, int flags, int mode)
    {
        int number;
        do
        {
            number = OpenFile(path, flags, mode);
        }
        while (number < 0 && Marshal.GetLastPInvokeError() == Interrupted);

        return number >= 0 ? new SafeFileHandle(number, ownsHandle: true) : throw Failed("open", path, Marshal.GetLastPInvokeError());
    }

    private static IOException Failed(string doing, string path, int error) =>
        new($"cannot {doing} {path}: {Marshal.GetPInvokeErrorMessage(error)}");

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenFile(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int Lock(SafeFileHandle file, int operation);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint mask, out StatxAnswer answer);

    /// <summary>struct statx of statx(2); its layout is the same on every architecture.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct StatxAnswer
    {
        [FieldOffset(32)]
        public ulong Inode;

        [FieldOffset(136)]
        public uint DeviceMajor;

        [FieldOffset(140)]
        public uint DeviceMinor;
    }
}
