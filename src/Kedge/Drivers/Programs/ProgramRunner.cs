namespace Kedge.Drivers.Programs;

/// <summary>Runs programs on this machine. Any number at once; holds nothing that must be disposed of.</summary>
public sealed class ProgramRunner(TimeProvider time) : IProgramRunner
{
    /// <summary>How long a program that is told to stop (SIGTERM) may take before it is killed (SIGKILL).</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    /// <summary>SIGKILL takes effect at once, except on a process that waits for a device that does not answer.</summary>
    private static readonly TimeSpan LongestDeath = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(1);

    public async Task<ProgramResult> RunAsync(ProgramStart start, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var program = ProgramFinder.Find(start);
        var marked = start.KeepsChildren ? start : Leftovers.Mark(start);
        var began = time.GetTimestamp();
        var thread = ChildThread.Shared;
        var child = await thread.StartAsync(
            RunAs.DyingWithUs(marked, program, thread.LifePath), start.Input, outputFile: -1, start.KeepsChildren);
        try
        {
            var end = await child.Ended.WaitAsync(start.Timeout, time, cancellation);
            return Known(end, start) is var known && RunAs.Refusal(known.Code, known.Output, start) is { } refusal
                ? throw refusal
                : new(known.Code, known.Output, time.GetElapsedTime(began)) { Signal = known.Signal };
        }
        catch (TimeoutException)
        {
            await StopAsync(thread, child, start);
            throw new DriverException($"'{start.Arguments[0]}' was stopped: it had not ended after {Plan.Contracts.Durations.Show(start.Timeout)}",
                "find out what it waits for, or give it more time", outcomeUnknown: true);
        }
        catch (OperationCanceledException)
        {
            await StopAsync(thread, child, start);
            throw;
        }
    }

    public async Task<int> StartDetachedAsync(ProgramStart start, string outputFile, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var program = ProgramFinder.Find(start);
        var output = OutputFile.Open(outputFile, start.User is { } user ? RunAs.Check(user) : UserAccount.Own);
        Child child;
        try
        {
            child = await ChildThread.Shared.StartAsync(
                RunAs.Detached(start, program), start.Input, output, keepsChildren: true);
        }
        finally
        {
            _ = NativeCalls.Close(output);
        }

        // Whoever asks for the process next shall find the program, not what is about to become it.
        while (!child.Ended.IsCompleted && RunAs.IsOnTheWay(child.Pid, start))
        {
            await Task.Delay(Look, time, CancellationToken.None);
        }

        if (child.Ended.IsCompleted && RunAs.Refusal((await child.Ended).Code, OutputFile.LastLine(outputFile), start) is { } refusal)
        {
            throw refusal;
        }

        return child.Pid;
    }

    private async Task StopAsync(ChildThread thread, Child child, ProgramStart start)
    {
        thread.Stop(child, NativeCalls.Terminate);
        if (await EndsWithin(Grace))
        {
            return;
        }

        thread.Stop(child, NativeCalls.Kill);
        if (!await EndsWithin(LongestDeath))
        {
            throw new DriverException(
                $"'{start.Arguments[0]}' (process {child.Pid}) does not die, not even of SIGKILL",
                "it waits for a device or a network file system; nothing but that, or a restart of the machine, ends it",
                outcomeUnknown: true);
        }

        async Task<bool> EndsWithin(TimeSpan atMost) =>
            await Task.WhenAny(child.Ended, Task.Delay(atMost, time, CancellationToken.None)) == child.Ended;
    }

    private static ChildEnd Known(ChildEnd end, ProgramStart start) => end.Known
        ? end
        : throw new DriverException($"how '{start.Arguments[0]}' ended is not known: something else took its exit status",
            "start Kedge with SIGCHLD at its default, not ignored", outcomeUnknown: true);
}
