using Kedge.Drivers.Programs;

namespace Kedge.Acceptance.Drivers.PostgreSql;

/// <summary>The account under which servers run: PostgreSQL refuses root.</summary>
internal static class ServerUser
{
    public const string Bin = "/usr/lib/postgresql/15/bin";

    private static readonly ProgramRunner Runner = new(TimeProvider.System);

    /// <summary>Runs a program as that user.</summary>
    /// <param name="logs">What servers printed, for the text of a failure.</param>
    public static async Task<string> RunAsync(Func<string> logs, params string[] arguments)
    {
        var result = await Runner.RunAsync(
            new() { Arguments = arguments, User = "postgres", Folder = "/", Timeout = TimeSpan.FromMinutes(2), KeepsChildren = true },
            CancellationToken.None);
        return result.ExitCode == 0
            ? result.Output
            : throw new InvalidOperationException($"{string.Join(' ', arguments)}: {result.Output}\n{logs()}");
    }

    /// <summary>Makes a folder that user's own.</summary>
    public static Task OwnAsync(string folder) => Runner.RunAsync(
        new() { Arguments = ["chown", "postgres:postgres", folder], Timeout = TimeSpan.FromSeconds(10) }, CancellationToken.None);
}
