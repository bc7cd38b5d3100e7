using System.Diagnostics;
using System.Text;

namespace Kedge.Tests.CommandLine;

/// <summary>The program as a process of its own, with what it says.</summary>
internal sealed class KedgeProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process process;
    private readonly StringBuilder said = new();

    public KedgeProcess(string folder, string line)
    {
        // Tests that run in the background of a shell inherit that Ctrl-C is ignored.
        var start = new ProcessStartInfo("/usr/bin/env", ["--default-signal=INT", Path.Combine(AppContext.BaseDirectory, "kedge")])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // What it remembers belongs to the test, not to who runs it.
        start.Environment["XDG_STATE_HOME"] = Path.Combine(folder, ".state");
        foreach (var argument in line.Split(' '))
        {
            start.ArgumentList.Add(argument);
        }

        process = Process.Start(start)!;
        process.OutputDataReceived += (_, e) => Take(e.Data);
        process.ErrorDataReceived += (_, e) => Take(e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Id => process.Id;

    public string Said
    {
        get
        {
            lock (said)
            {
                return said.ToString();
            }
        }
    }

    /// <summary>Waits until it has said something; throws with all that it said where it does not in time.</summary>
    public async Task SaysAsync(string text)
    {
        var deadline = Stopwatch.StartNew();
        while (!Said.Contains(text, StringComparison.Ordinal))
        {
            if (deadline.Elapsed > Patience || (process.HasExited && !Said.Contains(text, StringComparison.Ordinal)))
            {
                throw new InvalidOperationException($"it did not say '{text}', but:\n{Said}");
            }

            await Task.Delay(20);
        }
    }

    /// <param name="name">As kill(1) names it: INT, TERM, KILL.</param>
    public void Signal(string name)
    {
        using var kill = Process.Start(new ProcessStartInfo("/bin/kill", ["-" + name, $"{process.Id}"]))!;
        kill.WaitForExit();
    }

    /// <summary>Its exit code, once it has ended.</summary>
    public async Task<int> EndsAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        await process.WaitForExitAsync(limit.Token);
        return process.ExitCode;
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill();
            process.WaitForExit();
        }

        process.Dispose();
    }

    private void Take(string? line)
    {
        lock (said)
        {
            said.AppendLine(line);
        }
    }
}
