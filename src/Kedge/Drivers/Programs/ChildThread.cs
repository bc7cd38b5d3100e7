using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Kedge.Drivers.Programs;

/// <summary>
/// The one thread that starts, reads, signals and reaps children. One, because the kernel's parent-death signal is sent
/// when the thread that started a child ends, not the process: this one lives as long as the process does. And since
/// only it reaps, a child's number is never signalled after it may have been given out again.
/// </summary>
internal sealed unsafe class ChildThread
{
    private const int ChunkSize = 64 * 1024;

    /// <summary>A dead child's pipe holds no more than this; whoever else writes to it is not waited for.</summary>
    private const int LastChunks = 16;

    /// <summary>
    /// How long what a program leaves behind has to make a session of its own, which it does after its parent has
    /// perhaps ended already.
    /// </summary>
    private static readonly TimeSpan Parting = TimeSpan.FromSeconds(1);

    private static readonly Lock Making = new();
    private static ChildThread? theOne;

    private readonly ConcurrentQueue<Action> work = new();
    private readonly List<Child> children = [];
    private readonly byte[] chunk = new byte[ChunkSize];
    private readonly int wakeRead;
    private readonly int wakeWrite;

    private ChildThread()
    {
        (wakeRead, wakeWrite) = ChildStart.MakePipe();
        ChildStart.SetNonBlocking(wakeRead);
        ChildStart.SetNonBlocking(wakeWrite);
        using var running = new ManualResetEventSlim();
        new Thread(() =>
        {
            LifePath = $"/proc/{Environment.ProcessId}/task/{NativeCalls.ThreadIdentifier()}";
            running.Set();
            Run();
        })
        { IsBackground = true, Name = "children" }.Start();
        running.Wait();
    }

    /// <summary>Shared by the whole process, as the duty to reap is.</summary>
    internal static ChildThread Shared
    {
        get
        {
            lock (Making)
            {
                return theOne ??= new();
            }
        }
    }

    /// <summary>Path that exists exactly as long as this process's children have their parent.</summary>
    internal string LifePath { get; private set; } = "";

    /// <summary>
    /// Starts a program. Throws <see cref="DriverException"/> where the system refuses.
    /// </summary>
    /// <param name="input">For its standard input; null for /dev/null.</param>
    /// <param name="outputFile">An open file for its output; -1 to keep the last of it in <see cref="ChildEnd.Output"/>.</param>
    internal Task<Child> StartAsync(SpawnRequest request, string? input, int outputFile, bool keepsChildren)
    {
        var started = new TaskCompletionSource<Child>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() =>
        {
            try
            {
                // Programs inherit this thread's priority, and are not to have the node's.
                ProcessPriority.MakeOrdinary();
                var child = ChildStart.Start(request, input, outputFile, keepsChildren);
                children.Add(child);
                started.SetResult(child);
            }
            catch (Exception e)
            {
                started.SetException(e);
            }
        });
        return started.Task;
    }

    /// <summary>Sends a signal to a child's session, unless the child has been reaped; from then on its session ends with it.</summary>
    internal void Stop(Child child, int signal) => Post(() =>
    {
        if (child.IsOver)
        {
            return;
        }

        child.Stopping = true;
        _ = NativeCalls.Signal(-child.Pid, signal);
        foreach (var member in ProcessTable.OfSession(child.Pid).Where(m => m.Group != child.Pid))
        {
            ProcessTable.TrySignal(member.Identity, signal);
        }

        // A stopped process takes no signal but SIGKILL until it is continued.
        _ = NativeCalls.Signal(-child.Pid, NativeCalls.Continue);
    });

    private void Run()
    {
        var watched = new List<(NativeCalls.Watched Poll, Action<Child> Then, Child? Child)>();
        while (true)
        {
            watched.Clear();
            Watch(wakeRead, NativeCalls.Readable, null, static _ => { });
            foreach (var child in children.Where(c => !c.IsOver))
            {
                Watch(child.Life, NativeCalls.Readable, child, Reap);
                Watch(child.Output, NativeCalls.Readable, child, c => ReadOutput(c, 1));
                Watch(child.Input, NativeCalls.Writable, child, WriteInput);
            }

            var polls = watched.Select(w => w.Poll).ToArray();
            fixed (NativeCalls.Watched* memory = polls)
            {
                // Interrupted or out of memory: nothing was seen, and it is asked again.
                if (NativeCalls.Poll(memory, (nuint)polls.Length, -1) < 0)
                {
                    continue;
                }
            }

            DoWork();
            for (var i = 1; i < polls.Length; i++)
            {
                if (polls[i].Seen != 0)
                {
                    watched[i].Then(watched[i].Child!);
                }
            }
        }

        void Watch(int file, short events, Child? child, Action<Child> then)
        {
            if (file >= 0)
            {
                watched.Add((new() { File = file, Events = events }, then, child));
            }
        }
    }

    private void Post(Action action)
    {
        work.Enqueue(action);
        byte one = 1;
        // A full pipe wakes the thread just as well.
        _ = NativeCalls.Write(wakeWrite, &one, 1);
    }

    private void DoWork()
    {
        fixed (byte* memory = chunk)
        {
            while (NativeCalls.Read(wakeRead, memory, ChunkSize) > 0)
            {
            }
        }

        while (work.TryDequeue(out var action))
        {
            action();
        }
    }

    private void ReadOutput(Child child, int chunks)
    {
        fixed (byte* memory = chunk)
        {
            while (child.Output >= 0 && chunks-- > 0)
            {
                var length = NativeCalls.Read(child.Output, memory, ChunkSize);
                if (length > 0)
                {
                    child.Tail.Append(chunk.AsSpan(0, (int)length));
                }
                else if (length == 0 || Marshal.GetLastPInvokeError() is not NativeCalls.TryAgain and not NativeCalls.Interrupted)
                {
                    ChildStart.Close(child.Output);
                    child.Output = -1;
                }
                else
                {
                    return;
                }
            }
        }
    }

    private static void WriteInput(Child child)
    {
        if (child.Input < 0)
        {
            return;
        }

        fixed (byte* memory = child.Unwritten.Span)
        {
            var length = child.Unwritten.Length == 0 ? 0 : NativeCalls.Write(child.Input, memory, child.Unwritten.Length);
            if (length > 0)
            {
                child.Unwritten = child.Unwritten[(int)length..];
            }
            else if (length < 0 && Marshal.GetLastPInvokeError() is NativeCalls.TryAgain or NativeCalls.Interrupted)
            {
                return;
            }
            else
            {
                // It does not read on: that is its own affair, and its exit code tells.
                child.Unwritten = default;
            }
        }

        if (child.Unwritten.Length == 0)
        {
            ChildStart.Close(child.Input);
            child.Input = -1;
        }
    }

    private void Reap(Child child)
    {
        NativeCalls.EndNote end;
        var found = NativeCalls.WaitForEnd(NativeCalls.WaitForOne, child.Pid, &end,
            NativeCalls.WaitExited | NativeCalls.WaitNoHang | NativeCalls.WaitWithoutReaping);
        if (found == 0 && end.Pid == 0)
        {
            return;
        }

        // While it is a zombie its number, and so that of its group and session, stays taken.
        child.IsOver = true;
        if (child.Stopping)
        {
            ProcessTable.KillSession(child.Pid);
        }

        ReadOutput(child, LastChunks);
        ChildStart.Close(child.Life);
        ChildStart.Close(child.Output);
        ChildStart.Close(child.Input);
        child.Output = child.Input = -1;
        if (child.Stopping || child.KeepsChildren || found != 0)
        {
            Bury(child);
        }
        else
        {
            // The kernel's own time, as everything on this thread: nothing that Kedge decides depends on it.
            child.Burial = TimeProvider.System.CreateTimer(
                _ => Post(() => KillRestAndBury(child)), null, Parting, Timeout.InfiniteTimeSpan);
        }

        child.Complete(found == 0 ? ChildEnd.Of(end, child.Tail.ToString()) : new(0, null, child.Tail.ToString(), Known: false));
    }

    private void KillRestAndBury(Child child)
    {
        _ = NativeCalls.Signal(-child.Pid, NativeCalls.Kill);
        child.Burial?.Dispose();
        Bury(child);
    }

    private void Bury(Child child)
    {
        _ = NativeCalls.WaitFor(child.Pid, null, NativeCalls.WaitNoHang);
        children.Remove(child);
    }

}
