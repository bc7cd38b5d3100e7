using System.Diagnostics;

namespace Kedge.Acceptance.Store;

/// <summary>A real process on the store (tests/Kedge.StoreHost), to be killed.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly Process process;
    private readonly Task reading;
    private readonly List<string> lines = [];
    private readonly SemaphoreSlim news = new(0);

    private HostProcess(Process process)
    {
        this.process = process;
        reading = ReadAsync();
    }

    /// <summary>The program that <see cref="Start"/> starts.</summary>
    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "Kedge.StoreHost");

    public int Id => process.Id;

    public int ExitCode => process.ExitCode;

    public StreamWriter Input => process.StandardInput;

    /// <summary>What it has printed so far; all of it once it has ended.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (lines)
            {
                return [.. lines];
            }
        }
    }

    public static HostProcess Start(params string[] arguments) => StartWith([], [Program, .. arguments]);

    /// <summary>Starts any program, with variables added to its environment.</summary>
    public static HostProcess StartWith(IReadOnlyList<(string Name, string Value)> environment, IReadOnlyList<string> command)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        // A program that is killed leaves the sockets of its debugger behind.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new HostProcess(Process.Start(start)!);
    }

    /// <summary>Returns once it has printed that many lines.</summary>
    public async Task LinesAsync(int count)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        while (Lines.Count < count)
        {
            await news.WaitAsync(deadline.Token);
            if (reading.IsCompleted && Lines.Count < count)
            {
                await process.WaitForExitAsync(deadline.Token);
                throw new InvalidOperationException($"the host ended with exit code {process.ExitCode} after {Lines.Count} lines");
            }
        }
    }

    /// <summary>SIGKILL; returns once it is gone and all that it printed was read.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await EndAsync();
    }

    /// <param name="deadline">A minute unless it says otherwise.</param>
    public async Task EndAsync(TimeSpan? deadline = null)
    {
        await process.WaitForExitAsync().WaitAsync(deadline ?? Deadline);
        await reading.WaitAsync(Deadline);
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            await KillAsync();
        }

        process.Dispose();
        news.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            lock (lines)
            {
                lines.Add(line);
            }

            news.Release();
        }

        news.Release();
    }
}
