namespace Kedge.Drivers.Programs;

/// <summary>A program that this process has started and must reap. Everything but <see cref="Ended"/> belongs to <see cref="ChildThread"/>.</summary>
internal sealed class Child
{
    private readonly TaskCompletionSource<ChildEnd> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Also the number of its session and process group; not given out again before it was reaped.</summary>
    internal required int Pid { get; init; }

    /// <summary>pidfd_open(2): readable once it is dead.</summary>
    internal required int Life { get; init; }

    /// <summary>Our end of the pipe that it prints to; -1 where it prints to a file, or once closed.</summary>
    internal required int Output { get; set; }

    /// <summary>Our end of its standard input; -1 where there is none, or once closed.</summary>
    internal required int Input { get; set; }

    /// <summary>What is still to be written to <see cref="Input"/>.</summary>
    internal ReadOnlyMemory<byte> Unwritten { get; set; }

    /// <summary>True where what it leaves in its process group when it ends is left alone.</summary>
    internal required bool KeepsChildren { get; init; }

    /// <summary>True once it was told to stop: then its whole session goes with it.</summary>
    internal bool Stopping { get; set; }

    /// <summary>Fires when it is to be reaped; null where that is done at once.</summary>
    internal ITimer? Burial { get; set; }

    internal OutputTail Tail { get; } = new();

    /// <summary>True once it has ended and all that is left to do is to reap it.</summary>
    internal bool IsOver { get; set; }

    /// <summary>Completes once it has ended; where it was told to stop, once it was reaped with all of its session.</summary>
    internal Task<ChildEnd> Ended => ended.Task;

    internal void Complete(ChildEnd end) => ended.SetResult(end);
}

/// <summary>How a child ended.</summary>
/// <param name="Code">Exit code, or 128 and the signal's number.</param>
/// <param name="Signal">The signal that ended it; null where it ended by itself.</param>
/// <param name="Known">False where somebody else took its status: then the rest means nothing.</param>
internal readonly record struct ChildEnd(int Code, int? Signal, string Output, bool Known)
{
    /// <summary>From what waitid(2) notes.</summary>
    internal static ChildEnd Of(NativeCalls.EndNote end, string output) => end.Code == NativeCalls.Exited
        ? new(end.Status, null, output, Known: true)
        : new(128 + end.Status, end.Status, output, Known: true);
}
