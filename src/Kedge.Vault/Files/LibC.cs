using System.Runtime.InteropServices;
using Kedge.Vault.Native;

namespace Kedge.Vault.Files;

/// <summary>
/// The calls on files of section 2 of the manual, as the 64-bit C library of Linux has them. Names end with a zero byte.
/// Those that take variable arguments in C are declared with fixed ones, which Linux passes in the same way.
/// </summary>
internal static unsafe partial class LibC
{
    /// <summary>The folder that a relative path starts at is the process's own (AT_FDCWD).</summary>
    internal const int WorkingFolder = -100;

    internal const int NoFollowAt = 0x100;
    internal const int RemoveFolderAt = 0x200;
    internal const int NoAutomountAt = 0x800;

    /// <summary>An empty path means the descriptor itself.</summary>
    internal const int EmptyPathAt = 0x1000;

    static LibC() => NativeLibraries.Ready();

    /// <summary>What a call that answers -1 for a failure has to say.</summary>
    internal static Errno Outcome(nint result) => result < 0 ? (Errno)Marshal.GetLastPInvokeError() : Errno.None;

    [LibraryImport(NativeLibraries.C, SetLastError = true)]
    internal static partial int openat(int folder, byte* path, int flags, uint mode);

    [LibraryImport(NativeLibraries.C, SetLastError = true)]
    internal static partial int openat(Descriptor folder, byte* path, int flags, uint mode);

    [LibraryImport(NativeLibraries.C, SetLastError = true)]
    internal static partial int close(int descriptor);

    [LibraryImport(NativeLibraries.C, SetLastError = true)]
    internal static partial int statx(Descriptor folder, byte* path, int flags, uint mask, NativeStatus* status);

    [LibraryImport(NativeLibraries.C, EntryPoint = "syscall", SetLastError = true)]
    internal static partial nint getdents64(nint number, Descriptor folder, byte* buffer, nuint size);

    [LibraryImport(NativeLibraries.C, SetLastError = true)]
    internal static partial long lseek(Descriptor file, long offset, int whence);

    [LibraryImport(NativeLibraries.C, SetLastError = true)]
    internal static partial nint pread(Descriptor file, byte* buffer, nuint length, long offset);

    [LibraryImport(NativeLibraries.C, SetLastError = true)]
    internal static partial nint mmap(void* wish, nuint length, int protection, int flags, Descriptor file, long offset);

    [LibraryImport(NativeLibraries.C)]
    internal static partial int munmap(nint start, nuint length);

    [LibraryImport(NativeLibraries.C)]
    internal static partial int madvise(void* start, nuint length, int advice);

    [LibraryImport(NativeLibraries.C)]
    internal static partial int mincore(void* start, nuint length, byte* states);

    [LibraryImport(NativeLibraries.C, SetLastError = true)]
    internal static partial nint pwrite(Descriptor file, byte* buffer, nuint length, long offset);

    [LibraryImport(NativeLibraries.C)]
    internal static partial int posix_fadvise(Descriptor file, long offset, long length, int advice);

    [LibraryImport(NativeLibraries.C, SetLastError = true)]
    internal static partial int fallocate(Descriptor file, int mode, long offset, long length);

    [LibraryImport(NativeLibraries.C, SetLastError = true)]
    internal static partial int ftruncate(Descriptor file, long length);

    [LibraryImport(NativeLibraries.C, SetLastError = true)]
    internal static partial int fsync(Descriptor file);

    [LibraryImport(NativeLibraries.C)]
    internal static partial int sync_file_range(Descriptor file, long offset, long length, uint flags);

    [LibraryImport(NativeLibraries.C, SetLastError = true)]
    internal static partial int fdatasync(Descriptor file);

    [LibraryImport(NativeLibraries.C, SetLastError = true)]
    internal static partial int syncfs(Descriptor file);

    [LibraryImport(NativeLibraries.C, SetLastError = true)]
    internal static partial nint readlinkat(Descriptor folder, byte* path, byte* buffer, nuint size);

    [LibraryImport(NativeLibraries.C, SetLastError = true)]
    internal static partial int mkdirat(Descriptor folder, byte* path, uint mode);

    [LibraryImport(NativeLibraries.C, SetLastError = true)]
    internal static partial int mknodat(Descriptor folder, byte* path, uint mode, ulong device);

    [LibraryImport(NativeLibraries.C, SetLastError = true)]
    internal static partial int symlinkat(byte* target, Descriptor folder, byte* path);

    [LibraryImport(NativeLibraries.C, SetLastError = true)]
    internal static partial int linkat(Descriptor fromFolder, byte* from, Descriptor toFolder, byte* to, int flags);

    [LibraryImport(NativeLibraries.C, SetLastError = true)]
    internal static partial int renameat(Descriptor fromFolder, byte* from, Descriptor toFolder, byte* to);

    [LibraryImport(NativeLibraries.C, SetLastError = true)]
    internal static partial int unlinkat(Descriptor folder, byte* path, int flags);

    [LibraryImport(NativeLibraries.C, SetLastError = true)]
    internal static partial int fchmod(Descriptor file, uint mode);

    [LibraryImport(NativeLibraries.C, SetLastError = true)]
    internal static partial int chmod(byte* path, uint mode);

    [LibraryImport(NativeLibraries.C, SetLastError = true)]
    internal static partial int fchownat(Descriptor folder, byte* path, uint user, uint group, int flags);

    /// <param name="times">Access and modification time.</param>
    [LibraryImport(NativeLibraries.C, SetLastError = true)]
    internal static partial int futimens(Descriptor file, TimeSpecification* times);

    [LibraryImport(NativeLibraries.C, SetLastError = true)]
    internal static partial int utimensat(int folder, byte* path, TimeSpecification* times, int flags);

    /// <summary><c>struct timespec</c> where long has 64 bits.</summary>
    internal struct TimeSpecification(FileTime time)
    {
        internal long Seconds = time.Seconds;
        internal long Nanoseconds = time.Nanoseconds;
    }
}
