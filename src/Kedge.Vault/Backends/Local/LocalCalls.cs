using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Kedge.Vault.Files;
using Kedge.Vault.Native;
using Microsoft.Win32.SafeHandles;

namespace Kedge.Vault.Backends.Local;

/// <summary>
/// The system's calls on a vault's files. .NET's own hide the error number, cannot sync a folder nor rename without
/// replacing, and wait for ever on a pipe that somebody put in a file's place.
/// </summary>
internal static unsafe partial class LocalCalls
{
    private const int CurrentFolder = -100;
    private const int ReadOnly = 0x0;
    private const int WriteOnly = 0x1;
    private const int Create = 0x40;
    private const int Exclusive = 0x80;
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;
    private const int SetFlags = 4;
    private const uint NoReplace = 1;
    private const int EmptyPath = 0x1000;
    private const uint WhatWeAsk = 0x1 | 0x2 | 0x200 | 0x40; // type, mode, size, mtime
    private const int FileTypeMask = 0xF000;
    private const int RegularFile = 0x8000;

    static LocalCalls() => NativeLibraries.Ready();

    /// <summary>What statx(2) says of a file.</summary>
    internal readonly record struct Status(bool IsRegular, UnixFileMode Mode, long Length, DateTimeOffset Changed);

    internal static SafeFileHandle OpenForReading(string path) => Checked(open(path, ReadOnly | NonBlocking | CloseOnExec, 0), path);

    /// <summary>A file that was not there before, for this user alone.</summary>
    internal static SafeFileHandle CreateNew(string path) =>
        Checked(open(path, WriteOnly | Create | Exclusive | CloseOnExec, (int)(UnixFileMode.UserRead | UnixFileMode.UserWrite)), path);

    /// <param name="error">The system's error number, or 0.</param>
    /// <returns>How many bytes were read: fewer than asked for only where the file ends, or after an error.</returns>
    internal static int Read(SafeFileHandle file, long offset, Span<byte> buffer, out int error)
    {
        error = 0;
        var done = 0;
        fixed (byte* start = buffer)
        {
            while (done < buffer.Length)
            {
                var count = pread(file, start + done, (nuint)(buffer.Length - done), offset + done);
                if (count > 0)
                {
                    done += (int)count;
                }
                else if (count == 0)
                {
                    break;
                }
                else if (Marshal.GetLastPInvokeError() is var last && last != LocalFaults.Interrupted)
                {
                    error = last;
                    break;
                }
            }
        }

        return done;
    }

    /// <summary>
    /// Writes all of it. What is large goes straight to the disk where memory and file system allow it (O_DIRECT, open(2)):
    /// that spares a copy, and what others keep in the page cache stays there.
    /// </summary>
    internal static void Write(SafeFileHandle file, ReadOnlySpan<byte> content, string path)
    {
        const int worthIt = 1 << 20;
        fixed (byte* start = content)
        {
            var done = 0;
            if (content.Length >= worthIt && (nuint)start % AlignedBuffer.Alignment == 0 && fcntl(file, SetFlags, OpenFlags.Direct) == 0)
            {
                var whole = content.Length - (content.Length % AlignedBuffer.Alignment);
                done = Write(file, start, 0, whole, path, mayRefuse: true);
                if (fcntl(file, SetFlags, 0) != 0)
                {
                    throw LocalFaults.Last(path);
                }
            }

            Write(file, start, done, content.Length, path, mayRefuse: false);
        }
    }

    /// <param name="mayRefuse">Whether a refusal to write in this manner (EINVAL) is no failure.</param>
    /// <returns>Up to where it is written.</returns>
    private static int Write(SafeFileHandle file, byte* content, int from, int until, string path, bool mayRefuse)
    {
        while (from < until)
        {
            var count = pwrite(file, content + from, (nuint)(until - from), from);
            if (count >= 0)
            {
                from += (int)count;
                continue;
            }

            var error = Marshal.GetLastPInvokeError();
            if (mayRefuse && error == (int)Errno.InvalidArgument)
            {
                return from;
            }

            if (error != LocalFaults.Interrupted)
            {
                throw LocalFaults.Of(error, path);
            }
        }

        return from;
    }

    internal static void Sync(SafeFileHandle file, string path)
    {
        while (fsync(file) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            if (LocalFaults.IsNotSupported(error))
            {
                // A file system that cannot do it (some in user space) has nothing better to offer.
                return;
            }

            if (error != LocalFaults.Interrupted)
            {
                throw LocalFaults.Of(error, path);
            }
        }
    }

    /// <summary>Makes the names in a folder last.</summary>
    internal static void SyncFolder(string path)
    {
        using var folder = OpenForReading(path);
        Sync(folder, path);
    }

    /// <summary>Where the file system keeps no permissions, they stay as they are.</summary>
    internal static void Protect(SafeFileHandle file, UnixFileMode mode, string path)
    {
        if (fchmod(file, (uint)mode) != 0 && Marshal.GetLastPInvokeError() is var error
            && error != LocalFaults.NotPermitted && !LocalFaults.IsNotSupported(error))
        {
            throw LocalFaults.Of(error, path);
        }
    }

    /// <summary>Never replaces what has the name already.</summary>
    internal static void Rename(string from, string to)
    {
        if (renameat2(CurrentFolder, from, CurrentFolder, to, NoReplace) == 0)
        {
            return;
        }

        var error = Marshal.GetLastPInvokeError();
        if (!LocalFaults.IsNotSupported(error))
        {
            throw LocalFaults.Of(error, to);
        }

        RenameByLink(from, to);
    }

    /// <summary>For NFS and others: a second name, then the first taken away, comes to the same.</summary>
    internal static void RenameByLink(string from, string to)
    {
        if (link(from, to) == 0)
        {
            Remove(from);
            return;
        }

        var error = Marshal.GetLastPInvokeError();
        if (error != LocalFaults.NotPermitted && !LocalFaults.IsNotSupported(error))
        {
            throw LocalFaults.Of(error, to);
        }

        RenameAfterLook(from, to);
    }

    /// <summary>For FAT and others, which have no second names: only a look before remains.</summary>
    internal static void RenameAfterLook(string from, string to)
    {
        if (TryStatus(to) is not null)
        {
            throw LocalFaults.Of(LocalFaults.Exists, to);
        }

        Check(rename(from, to), to);
    }

    internal static void Remove(string path) => Check(unlink(path), path);

    /// <returns>Whether the folder is new.</returns>
    internal static bool MakeFolder(string path, UnixFileMode mode)
    {
        if (mkdir(path, (uint)mode) == 0)
        {
            return true;
        }

        var error = Marshal.GetLastPInvokeError();
        return error == LocalFaults.Exists ? false : throw LocalFaults.Of(error, path);
    }

    /// <summary>Follows symbolic links. Null where there is nothing.</summary>
    internal static Status? TryStatus(string path)
    {
        var buffer = stackalloc byte[256];
        if (statx(CurrentFolder, path, 0, WhatWeAsk, buffer) == 0)
        {
            return Parse(new(buffer, 256));
        }

        var error = Marshal.GetLastPInvokeError();
        return error == LocalFaults.NoEntry ? null : throw LocalFaults.Of(error, path);
    }

    internal static Status StatusOf(SafeFileHandle file, string path)
    {
        var buffer = stackalloc byte[256];
        var added = false;
        try
        {
            file.DangerousAddRef(ref added);
            Check(statx((int)file.DangerousGetHandle(), "", EmptyPath, WhatWeAsk, buffer), path);
            return Parse(new(buffer, 256));
        }
        finally
        {
            if (added)
            {
                file.DangerousRelease();
            }
        }
    }

    /// <summary>struct statx in linux/stat.h, the same for every architecture.</summary>
    private static Status Parse(ReadOnlySpan<byte> status)
    {
        var mode = Unsafe.ReadUnaligned<ushort>(in status[28]);
        var length = Unsafe.ReadUnaligned<long>(in status[40]);
        var changed = Unsafe.ReadUnaligned<long>(in status[112]);
        return new((mode & FileTypeMask) == RegularFile, (UnixFileMode)(mode & 0xFFF), length, DateTimeOffset.UnixEpoch.AddSeconds(Math.Clamp(changed, 0, uint.MaxValue)));
    }

    private static SafeFileHandle Checked(SafeFileHandle file, string path)
    {
        if (!file.IsInvalid)
        {
            return file;
        }

        var fault = LocalFaults.Last(path);
        file.Dispose();
        throw fault;
    }

    private static void Check(int result, string path)
    {
        if (result != 0)
        {
            throw LocalFaults.Last(path);
        }
    }

    [LibraryImport(NativeLibraries.C, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle open(string path, int flags, int mode);

    [LibraryImport(NativeLibraries.C, SetLastError = true)]
    private static partial nint pread(SafeFileHandle file, byte* buffer, nuint count, long offset);

    [LibraryImport(NativeLibraries.C, SetLastError = true)]
    private static partial nint pwrite(SafeFileHandle file, byte* buffer, nuint count, long offset);

    /// <summary>With the command that sets a file's flags; declared with fixed arguments, which Linux passes in the same way.</summary>
    [LibraryImport(NativeLibraries.C, SetLastError = true)]
    private static partial int fcntl(SafeFileHandle file, int command, int flags);

    [LibraryImport(NativeLibraries.C, SetLastError = true)]
    private static partial int fsync(SafeFileHandle file);

    [LibraryImport(NativeLibraries.C, SetLastError = true)]
    private static partial int fchmod(SafeFileHandle file, uint mode);

    [LibraryImport(NativeLibraries.C, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int renameat2(int fromFolder, string from, int toFolder, string to, uint flags);

    [LibraryImport(NativeLibraries.C, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int rename(string from, string to);

    [LibraryImport(NativeLibraries.C, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int link(string from, string to);

    [LibraryImport(NativeLibraries.C, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int unlink(string path);

    [LibraryImport(NativeLibraries.C, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int mkdir(string path, uint mode);

    [LibraryImport(NativeLibraries.C, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statx(int folder, string path, int flags, uint mask, byte* status);
}
