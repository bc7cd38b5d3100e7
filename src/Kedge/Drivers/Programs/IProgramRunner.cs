namespace Kedge.Drivers.Programs;

/// <summary>Runs programs by argument vector, never through a shell.</summary>
public interface IProgramRunner
{
    /// <summary>
    /// Runs a program to its end. It, and what it started, dies with this process, at the timeout, and when the token is
    /// cancelled (the whole process group: SIGTERM, then SIGKILL). Throws <see cref="DriverException"/> where the program
    /// cannot be started or runs out of time (outcome unknown); a non-zero exit is a result. What the program leaves in
    /// its process group is killed a second after it has ended by itself, unless <see cref="ProgramStart.KeepsChildren"/>;
    /// what has made a session of its own by then (a daemon) is spared. A set-user-ID program (sudo) does not die with this process.
    /// </summary>
    Task<ProgramResult> RunAsync(ProgramStart start, CancellationToken cancellation);

    /// <summary>
    /// Starts a program that shall outlive this process (a service), with its output in a file. Returns its process
    /// identifier, once that is the program itself. It has no controlling terminal and a session of its own, reads nothing
    /// (unless <see cref="ProgramStart.Input"/> is given), and is reaped as long as this process lives.
    /// <see cref="ProgramStart.Timeout"/> does not apply. The file is appended to; made, it belongs to the user.
    /// </summary>
    Task<int> StartDetachedAsync(ProgramStart start, string outputFile, CancellationToken cancellation);
}

/// <summary>A program to run.</summary>
public sealed record ProgramStart
{
    /// <summary>Program and arguments. A program without a slash is looked up on PATH.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>Null: this process's own. A name needs root; where this process is that user already it changes nothing.</summary>
    public string? User { get; init; }

    /// <summary>Null: this process's own; for another user, who may not be let into that one, the root.</summary>
    public string? Folder { get; init; }

    /// <summary>Added to a small, clean environment (PATH, LANG, HOME of the user); secrets go here, never into arguments.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Written to its standard input; null for none.</summary>
    public string? Input { get; init; }

    public required TimeSpan Timeout { get; init; }

    /// <summary>
    /// True where what the program leaves running when it ends shall go on (a script that starts a server, with its
    /// output sent elsewhere: this side's pipe is closed by then).
    /// </summary>
    public bool KeepsChildren { get; init; }
}

/// <summary>How a program ended.</summary>
/// <param name="ExitCode">128 and the signal's number where a signal ended it.</param>
/// <param name="Output">Standard output and error as they came, at most the last 64 KiB.</param>
public sealed record ProgramResult(int ExitCode, string Output, TimeSpan Elapsed)
{
    /// <summary>Number of the signal that ended it; null where it ended by itself.</summary>
    public int? Signal { get; init; }
}
