using System.Runtime.InteropServices;

namespace Kedge.Drivers.Programs;

/// <summary>
/// The system calls that starting, reading, signalling and reaping need, as glibc 2.34 or later offers them. Each
/// returns what its manual page says; none throws.
/// </summary>
internal static unsafe partial class NativeCalls
{
    internal const int CloseOnExec = 0x80000;
    internal const int NonBlocking = 0x800;
    internal const int WriteOnly = 0x1;
    internal const int Create = 0x40;
    internal const int Append = 0x400;

    internal const int NotPermitted = 1;
    internal const int NoSuchFile = 2;
    internal const int NoSuchProcess = 3;
    internal const int Interrupted = 4;
    internal const int TryAgain = 11;
    internal const int AccessDenied = 13;
    internal const int ResultTooLarge = 34;

    internal const int SetFlags = 4;

    internal const short Readable = 0x1;
    internal const short Writable = 0x4;

    internal const int Terminate = 15;
    internal const int Kill = 9;
    internal const int Continue = 18;

    internal const int WaitNoHang = 1;
    internal const int WaitExited = 4;
    internal const int WaitWithoutReaping = 0x1000000;
    internal const int WaitForOne = 1;

    /// <summary>si_code of a process that ended by itself.</summary>
    internal const int Exited = 1;

    internal const short SpawnSignalDefaults = 0x4;
    internal const short SpawnSignalMask = 0x8;
    internal const short SpawnSession = 0x80;

    /// <summary>Bytes that hold any of glibc's opaque structures used here (the largest has 336).</summary>
    internal const int OpaqueSize = 512;

    /// <summary>O_NOFOLLOW, which differs between processors.</summary>
    internal static int NoFollow =>
        RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm ? 0x8000 : 0x20000;

    [LibraryImport("libc", EntryPoint = "posix_spawn")]
    internal static partial int Spawn(
        int* pid, byte* path, void* actions, void* attributes, byte** arguments, byte** environment);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    internal static partial int ActionsInit(void* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_destroy")]
    internal static partial int ActionsDestroy(void* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_adddup2")]
    internal static partial int ActionsDuplicate(void* actions, int from, int to);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addopen")]
    internal static partial int ActionsOpen(void* actions, int to, byte* path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addchdir_np")]
    internal static partial int ActionsChangeFolder(void* actions, byte* path);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addclosefrom_np")]
    internal static partial int ActionsCloseFrom(void* actions, int from);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_init")]
    internal static partial int AttributesInit(void* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_destroy")]
    internal static partial int AttributesDestroy(void* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setflags")]
    internal static partial int AttributesFlags(void* attributes, short flags);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigdefault")]
    internal static partial int AttributesSignalDefaults(void* attributes, void* signals);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigmask")]
    internal static partial int AttributesSignalMask(void* attributes, void* signals);

    [LibraryImport("libc", EntryPoint = "sigfillset")]
    internal static partial int FillSignals(void* signals);

    [LibraryImport("libc", EntryPoint = "sigemptyset")]
    internal static partial int EmptySignals(void* signals);

    [LibraryImport("libc", EntryPoint = "pipe2", SetLastError = true)]
    internal static partial int Pipe(int* ends, int flags);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true)]
    internal static partial int Open(byte* path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    internal static partial int FileControl(int file, int command, int argument);

    [LibraryImport("libc", EntryPoint = "access", SetLastError = true)]
    internal static partial int Access(byte* path, int mode);

    [LibraryImport("libc", EntryPoint = "close")]
    internal static partial int Close(int file);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    internal static partial nint Read(int file, byte* buffer, nint length);

    [LibraryImport("libc", EntryPoint = "readlink", SetLastError = true)]
    internal static partial nint ReadLink(byte* path, byte* target, nint length);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    internal static partial nint Write(int file, byte* buffer, nint length);

    [LibraryImport("libc", EntryPoint = "fchown", SetLastError = true)]
    internal static partial int ChangeOwner(int file, uint user, uint group);

    [LibraryImport("libc", EntryPoint = "chown", SetLastError = true)]
    internal static partial int ChangeOwner(byte* path, uint user, uint group);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    internal static partial int Poll(Watched* files, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    internal static partial int WaitFor(int pid, int* status, int options);

    [LibraryImport("libc", EntryPoint = "waitid", SetLastError = true)]
    internal static partial int WaitForEnd(int kind, int pid, EndNote* end, int options);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    internal static partial int Signal(int pid, int signal);

    /// <summary>pidfd_open(2), by number: glibc has a name for it only since 2.36.</summary>
    internal static int OpenProcess(int pid) => (int)SystemCall(434, pid, 0, 0, 0);

    /// <summary>pidfd_send_signal(2), by number as above.</summary>
    internal static int SignalProcess(int process, int signal) => (int)SystemCall(424, process, signal, 0, 0);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, nint first, nint second, nint third, nint fourth);

    [LibraryImport("libc", EntryPoint = "gettid")]
    internal static partial int ThreadIdentifier();

    /// <param name="status">struct statx, 256 bytes.</param>
    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    internal static partial int Status(int folder, string path, int flags, uint wanted, byte* status);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    internal static partial uint EffectiveUser();

    [LibraryImport("libc", EntryPoint = "getpwnam_r")]
    internal static partial int UserByName(byte* name, Account* account, byte* buffer, nint length, Account** found);

    [LibraryImport("libc", EntryPoint = "getpwuid_r")]
    internal static partial int UserByNumber(uint number, Account* account, byte* buffer, nint length, Account** found);

    /// <summary>siginfo_t, 128 bytes, of which the fields that waitid(2) fills in for a child.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 128)]
    internal struct EndNote
    {
        [FieldOffset(8)]
        internal int Code;

        /// <summary>Zero where no child has ended.</summary>
        [FieldOffset(16)]
        internal int Pid;

        /// <summary>Exit code or signal.</summary>
        [FieldOffset(24)]
        internal int Status;
    }

    /// <summary>struct pollfd.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Watched
    {
        internal int File;
        internal short Events;
        internal short Seen;
    }

    /// <summary>struct passwd.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Account
    {
        internal byte* Name;
        internal byte* Password;
        internal uint User;
        internal uint Group;
        internal byte* Remark;
        internal byte* Home;
        internal byte* Shell;
    }
}
