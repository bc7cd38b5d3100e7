using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Kedge.Store.Sqlite;

/// <summary>
/// Says when the store may have changed, by this process or another: inotify(7) on SQLite's log, to which every writer
/// writes. A commit becomes visible only some time after its last write to the log (a sync lies between), so each sign is
/// repeated, less and less often, for half a second. While nobody waits, nothing runs.
/// </summary>
internal sealed partial class ChangeWatch : IDisposable
{
    private const short Readable = 1;
    private const uint Modified = 2;
    private const int CloseOnExec = 0x80000;
    private const int NonBlocking = 0x800;

    /// <summary>A sign that was missed is made up for by looking anyway; without inotify this is all there is.</summary>
    private const int LookAnywayMilliseconds = 1000;
    private const int LookWithoutNoticesMilliseconds = 5;

    /// <summary>Pauses between repetitions after a sign: an append is visible after one sync, on a busy disk much later.</summary>
    private static readonly int[] Repetitions = [1, 1, 1, 2, 2, 4, 8, 16, 32, 64, 128, 256];

    private readonly Lock gate = new();
    private readonly SafeFileHandle notices;
    private readonly SafeFileHandle wake;
    private readonly Thread thread;
    private TaskCompletionSource? next;
    private bool asleep;
    private bool ended;

    /// <param name="log">SQLite's log, which must exist. Where it cannot be watched (limits of inotify), the watch looks every 5 ms instead.</param>
    public ChangeWatch(string log)
    {
        wake = new SafeFileHandle(EventFd(0, CloseOnExec | NonBlocking), ownsHandle: true);
        if (wake.IsInvalid)
        {
            throw new StoreException(
                $"cannot watch {log}: {Marshal.GetLastPInvokeErrorMessage()}. Raise the limit of open files (ulimit -n).");
        }

        notices = new SafeFileHandle(OpenNotices(CloseOnExec | NonBlocking), ownsHandle: true);
        if (!notices.IsInvalid && AddWatch(notices, log, Modified) < 0)
        {
            notices.Dispose();
        }

        thread = new Thread(Watch, maxStackSize: 128 * 1024) { IsBackground = true, Name = "store watch" };
        thread.Start();
    }

    private bool HasNotices => !notices.IsInvalid && !notices.IsClosed;

    /// <summary>Completes at the next sign after this call. Take it, then look, then await it, and nothing is missed.</summary>
    public Task Next()
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(ended, nameof(SqliteStore));
            next ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            if (asleep)
            {
                asleep = false;
                Wake();
            }

            return next.Task;
        }
    }

    /// <summary>A sign from this process, which knows that it has changed something.</summary>
    public void Sign()
    {
        TaskCompletionSource? told;
        lock (gate)
        {
            (told, next) = (next, null);
        }

        told?.SetResult();
    }

    /// <summary>Whoever awaits a sign gets an <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose()
    {
        TaskCompletionSource? told;
        lock (gate)
        {
            if (ended)
            {
                return;
            }

            ended = true;
            (told, next) = (next, null);
            Wake();
        }

        thread.Join();
        notices.Dispose();
        wake.Dispose();
        told?.SetException(new ObjectDisposedException(nameof(SqliteStore)));
    }

    private void Watch()
    {
        var repetition = Repetitions.Length;
        while (WaiterOrSleep(out var waiting))
        {
            var noticed = Poll(waiting, repetition);
            if (noticed)
            {
                repetition = 0;
            }
            else if (repetition < Repetitions.Length)
            {
                repetition++;
            }

            if (waiting)
            {
                Sign();
            }
        }
    }

    /// <summary>False at the end.</summary>
    private bool WaiterOrSleep(out bool waiting)
    {
        lock (gate)
        {
            waiting = next is not null;
            asleep = !waiting;
            return !ended;
        }
    }

    /// <summary>Sleeps until something is to be told; true where another sign of change has come.</summary>
    private bool Poll(bool waiting, int repetition)
    {
        Span<PollEntry> entries =
        [
            new() { File = Number(wake), Wanted = Readable },
            new() { File = waiting && HasNotices ? Number(notices) : -1, Wanted = Readable },
        ];
        var timeout = (waiting, HasNotices, repetition < Repetitions.Length) switch
        {
            (false, _, _) => -1,
            (true, false, _) => LookWithoutNoticesMilliseconds,
            (true, true, true) => Repetitions[repetition],
            (true, true, false) => LookAnywayMilliseconds,
        };
        _ = PollFiles(ref entries[0], (nuint)entries.Length, timeout);
        Drain(wake);
        return entries[1].File >= 0 && entries[1].Seen != 0 && Drain(notices);
    }

    private static bool Drain(SafeFileHandle file)
    {
        Span<byte> buffer = stackalloc byte[4096];
        var any = false;
        while (ReadFile(file, ref buffer[0], (nuint)buffer.Length) > 0)
        {
            any = true;
        }

        return any;
    }

    private static int Number(SafeFileHandle file) => (int)file.DangerousGetHandle();

    private void Wake()
    {
        var one = 1L;
        _ = WriteFile(wake, ref one, sizeof(long));
    }

    [LibraryImport("libc", EntryPoint = "inotify_init1", SetLastError = true)]
    private static partial int OpenNotices(int flags);

    [LibraryImport("libc", EntryPoint = "inotify_add_watch", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int AddWatch(SafeFileHandle notices, string path, uint mask);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    private static partial int EventFd(uint initial, int flags);

    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int PollFiles(ref PollEntry entries, nuint count, int timeoutMilliseconds);

    [LibraryImport("libc", EntryPoint = "read")]
    private static partial nint ReadFile(SafeFileHandle file, ref byte buffer, nuint length);

    [LibraryImport("libc", EntryPoint = "write")]
    private static partial nint WriteFile(SafeFileHandle file, ref long value, nuint length);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollEntry
    {
        public int File;
        public short Wanted;
        public short Seen;
    }
}
