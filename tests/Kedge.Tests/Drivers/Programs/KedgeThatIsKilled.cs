using System.Runtime.CompilerServices;
using Kedge.Drivers.Programs;

namespace Kedge.Tests.Drivers.Programs;

/// <summary>
/// This test program, started once more to play a Kedge process that is killed while it runs a program: with the
/// variable <c>KEDGE_TEST_RUNS</c> it runs what stands there (one argument per line) instead of any test.
/// </summary>
internal static class KedgeThatIsKilled
{
    private const string Runs = "KEDGE_TEST_RUNS";
    private const string RunsAs = "KEDGE_TEST_RUNS_AS";
    private const string RunsDetached = "KEDGE_TEST_RUNS_DETACHED_INTO";

#pragma warning disable CA2255 // A program started to play a part must do so before the test runner takes over.
    [ModuleInitializer]
    internal static void PlayThePart()
#pragma warning restore CA2255
    {
        if (Environment.GetEnvironmentVariable(Runs) is not { } lines)
        {
            return;
        }

        // Only the product's own code is awaited: until this returns, other threads cannot run this assembly's.
        var start = new ProgramStart
        {
            Arguments = lines.Split('\n'),
            User = Environment.GetEnvironmentVariable(RunsAs),
            Timeout = Timeout.InfiniteTimeSpan,
        };
        var runner = new ProgramRunner(TimeProvider.System);
        if (Environment.GetEnvironmentVariable(RunsDetached) is { } output)
        {
            runner.StartDetachedAsync(start, output, CancellationToken.None).GetAwaiter().GetResult();
            new ManualResetEventSlim().Wait();
        }

        runner.RunAsync(start, CancellationToken.None).GetAwaiter().GetResult();
        Environment.Exit(0);
    }

    /// <summary>Starts it; it goes on until it is killed, or until the program that it runs ends.</summary>
    public static async Task<ProcessIdentity> StartAsync(string[] arguments, string? user, string? detachedOutput, string log)
    {
        var environment = new Dictionary<string, string> { [Runs] = string.Join('\n', arguments) };
        foreach (var name in new[] { "DOTNET_ROOT", "PATH" })
        {
            if (Environment.GetEnvironmentVariable(name) is { } value)
            {
                environment[name] = value;
            }
        }

        if (user is not null)
        {
            environment[RunsAs] = user;
        }

        if (detachedOutput is not null)
        {
            environment[RunsDetached] = detachedOutput;
        }

        var pid = await new ProgramRunner(TimeProvider.System).StartDetachedAsync(
            new()
            {
                Arguments = [Path.Combine(AppContext.BaseDirectory, "Kedge.Tests")],
                Environment = environment,
                Timeout = Timeout.InfiniteTimeSpan,
            },
            log, CancellationToken.None);
        return ProcessStat.Read(pid)!.Identity;
    }
}
