using Kedge.Drivers;
using Kedge.Drivers.Programs;

namespace Kedge.Demo.World;

/// <summary>Starts the programs that the demo's world is made of.</summary>
internal sealed class Launcher(TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly ProgramRunner programs = new(time);

    /// <summary>
    /// What every part gets. A .NET program that is killed would leave sockets for debuggers in /tmp; and where .NET is not
    /// at one of its usual places, its programs must be told.
    /// </summary>
    public static IReadOnlyDictionary<string, string> PartEnvironment { get; } =
        Environment.GetEnvironmentVariable("DOTNET_ROOT") is { } root and not ("/usr/share/dotnet" or "/usr/lib/dotnet")
            ? new Dictionary<string, string> { ["DOTNET_EnableDiagnostics"] = "0", ["DOTNET_ROOT"] = root }
            : new Dictionary<string, string> { ["DOTNET_EnableDiagnostics"] = "0" };

    /// <summary>
    /// Starts a process in a session of its own, so that neither Ctrl-C nor the end of the terminal reaches it; its output
    /// is appended to a file.
    /// </summary>
    public Task<int> StartAsync(
        IReadOnlyList<string> program, string log, ServerAccount? account, string folder,
        IReadOnlyDictionary<string, string> environment, CancellationToken cancellation) => ToldAsync(programs.StartDetachedAsync(
            new()
            {
                Arguments = program,
                User = account?.Name,
                Folder = folder,
                Environment = new Dictionary<string, string>(PartEnvironment.Concat(environment)),
                Timeout = Patience,
            },
            log, cancellation));

    /// <summary>Runs a program to its end. Throws <see cref="DemoException"/> with what it printed unless it ends with 0.</summary>
    public async Task RunAsync(
        IReadOnlyList<string> program, ServerAccount? account, string folder, IReadOnlyDictionary<string, string> environment,
        CancellationToken cancellation)
    {
        var result = await ToldAsync(programs.RunAsync(
            new() { Arguments = program, User = account?.Name, Folder = folder, Environment = environment, Timeout = Patience }, cancellation));
        if (result.ExitCode != 0)
        {
            throw new DemoException($"{Path.GetFileName(program[0])} failed: {result.Output.Trim()}", null);
        }
    }

    private static async Task<T> ToldAsync<T>(Task<T> work)
    {
        try
        {
            return await work;
        }
        catch (DriverException failed)
        {
            throw new DemoException(failed.Message, failed.Hint);
        }
    }
}
