using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Kedge.Store.Sqlite;

/// <summary>Calls to Linux that .NET does not offer. Failures are <see cref="IOException"/>s with the system's text.</summary>
internal static partial class LinuxFiles
{
    private const int CurrentFolder = -100;
    private const uint BasicFields = 0x7ff;
    private const int NoEntry = 2;

    /// <summary>Which file a path names now; null where it names none.</summary>
    public static FileIdentity? Identify(string path)
    {
        if (Statx(CurrentFolder, path, 0, BasicFields, out var found) == 0)
        {
            return new FileIdentity(found.DeviceMajor, found.DeviceMinor, found.Inode, (int)found.User, (int)found.Group);
        }

        var error = Marshal.GetLastPInvokeError();
        return error == NoEntry ? null : throw Failed("look at", path, error);
    }

    /// <summary>Really takes the space on the disk; false where there is not enough.</summary>
    public static bool TryAllocate(SafeFileHandle file, long bytes, string path)
    {
        // posix_fallocate returns the error instead of setting errno; ENOSPC 28, EDQUOT 122, EINTR 4.
        int error;
        do
        {
            error = Allocate(file, 0, bytes);
        }
        while (error == 4);

        return error switch
        {
            0 => true,
            28 or 122 => false,
            _ => throw Failed("allocate", path, error),
        };
    }

    /// <summary>Brings the folder's own entries (new, renamed, removed names) to the disk.</summary>
    public static void SyncFolder(string folder)
    {
        using var handle = OpenFolder(folder);
        if (Sync(handle) != 0)
        {
            throw Failed("sync", folder, Marshal.GetLastPInvokeError());
        }
    }

    /// <summary>
    /// Gives a file to whoever owns the folder it is in: a command that root runs must not leave files behind that
    /// Kedge's own user cannot read.
    /// </summary>
    public static void GiveToOwnerOf(string folder, string path)
    {
        if (EffectiveUser() == 0 && Identify(folder) is { User: not 0 } owner
            && ChangeOwner(path, owner.User, owner.Group) != 0)
        {
            throw Failed("change the owner of", path, Marshal.GetLastPInvokeError());
        }
    }

    private static SafeFileHandle OpenFolder(string folder)
    {
        // O_RDONLY | O_DIRECTORY | O_CLOEXEC; File.OpenHandle refuses folders.
        var flags = (RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm ? 0x4000 : 0x10000) | 0x80000;
        var handle = OpenFile(folder, flags, 0);
        return handle >= 0
            ? new SafeFileHandle(handle, ownsHandle: true)
            : throw Failed("open", folder, Marshal.GetLastPInvokeError());
    }

    private static IOException Failed(string doing, string path, int error) =>
        new(new StringBuilder("cannot ").Append(doing).Append(' ').Append(path).Append(": ")
            .Append(Marshal.GetPInvokeErrorMessage(error)).ToString());

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint mask, out StatxAnswer answer);

    [LibraryImport("libc", EntryPoint = "posix_fallocate")]
    private static partial int Allocate(SafeFileHandle file, long offset, long length);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenFile(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();

    [LibraryImport("libc", EntryPoint = "chown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChangeOwner(string path, int user, int group);

    /// <summary>struct statx of statx(2); its layout is the same on every architecture.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct StatxAnswer
    {
        [FieldOffset(20)]
        public uint User;

        [FieldOffset(24)]
        public uint Group;

        [FieldOffset(32)]
        public ulong Inode;

        [FieldOffset(136)]
        public uint DeviceMajor;

        [FieldOffset(140)]
        public uint DeviceMinor;
    }
}

/// <summary>One file, whatever its name.</summary>
internal sealed record FileIdentity(uint DeviceMajor, uint DeviceMinor, ulong Inode, int User, int Group)
{
    public bool IsSameFileAs(FileIdentity? other) =>
        other is not null && (DeviceMajor, DeviceMinor, Inode) == (other.DeviceMajor, other.DeviceMinor, other.Inode);
}
