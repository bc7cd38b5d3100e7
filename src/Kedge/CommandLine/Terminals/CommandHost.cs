namespace Kedge.CommandLine.Terminals;

/// <summary>What surrounds a command: its streams, clock, folder and environment. Tests put their own here.</summary>
public sealed record CommandHost
{
    public required TextWriter Output { get; init; }

    public required TextWriter Error { get; init; }

    public required TextReader Input { get; init; }

    /// <summary>True where a person sits at both ends: questions can be asked.</summary>
    public required bool Interactive { get; init; }

    /// <summary>True where <see cref="Output"/> is a terminal whose lines can be drawn again.</summary>
    public required bool Redraws { get; init; }

    /// <summary>True where colour is wanted, as far as terminal and environment say.</summary>
    public required bool Colour { get; init; }

    /// <summary>Columns and lines; asked anew each time, because windows change.</summary>
    public required Func<(int Width, int Height)> Size { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>Where the command was given.</summary>
    public required string Folder { get; init; }

    public required Func<string, string?> Environment { get; init; }

    /// <summary>Who gave it, as far as the operating system knows.</summary>
    public required string Login { get; init; }

    /// <summary>Asks for a line that is not shown while it is typed; null where nobody can be asked.</summary>
    public Func<string, CancellationToken, char[]?> AskHidden { get; init; } = (_, _) => null;

    /// <summary>Standard input as bytes.</summary>
    public Func<Stream> OpenInput { get; init; } = Console.OpenStandardInput;

    /// <summary>Standard output as bytes, past <see cref="Output"/>.</summary>
    public Func<Stream> OpenOutput { get; init; } = Console.OpenStandardOutput;

    /// <summary>The program's arguments as the system handed them over; none where they are not known. What is not UTF-8 is lost in strings.</summary>
    public Func<IReadOnlyList<byte[]>> RawArguments { get; init; } = () => [];

    /// <summary>The process's own surroundings.</summary>
    public static CommandHost OfProcess()
    {
        var shown = !Console.IsOutputRedirected && System.Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");
        return new()
        {
            Output = Console.Out,
            Error = Console.Error,
            Input = Console.In,
            Interactive = shown && !Console.IsInputRedirected,
            Redraws = shown,
            Colour = shown && string.IsNullOrEmpty(System.Environment.GetEnvironmentVariable("NO_COLOR")),
            Size = () => shown ? WindowSize() : (100, int.MaxValue),
            Time = TimeProvider.System,
            Folder = Directory.GetCurrentDirectory(),
            Environment = System.Environment.GetEnvironmentVariable,
            Login = LoginName(),
            AskHidden = HiddenLine.Ask,
            RawArguments = OwnArguments,
        };
    }

    /// <summary>A terminal that does not know its size says 0.</summary>
    private static (int Width, int Height) WindowSize() =>
        (Console.WindowWidth is > 0 and var width ? width : 80, Console.WindowHeight is > 0 and var height ? height : 24);

    /// <summary>proc(5), <c>/proc/self/cmdline</c>: each ends with a zero byte.</summary>
    private static List<byte[]> OwnArguments()
    {
        var all = new List<byte[]>();
        ReadOnlySpan<byte> line = File.ReadAllBytes("/proc/self/cmdline");
        while (line.IndexOf((byte)0) is var end and >= 0)
        {
            all.Add(line[..end].ToArray());
            line = line[(end + 1)..];
        }

        return all;
    }

    /// <summary>Behind sudo it is the person who called it, not root, who decides.</summary>
    private static string LoginName() =>
        System.Environment.UserName is "root" && System.Environment.GetEnvironmentVariable("SUDO_USER") is { Length: > 0 } caller
            ? caller
            : System.Environment.UserName;
}
