using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Kedge.Drivers.Dns;
using Kedge.Drivers.Dns.Wire;
using Xunit;

namespace Kedge.Acceptance.Drivers.Dns;

/// <summary>A name server's process in the foreground, with a folder that goes when it goes.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly StringBuilder log = new();
    private readonly System.Diagnostics.Process process;
    private readonly string folder;

    private ServerProcess(System.Diagnostics.Process process, string folder) => (this.process, this.folder) = (process, folder);

    public static string NewFolder(string kind) => Directory.CreateTempSubdirectory($"kedge-{kind}-").FullName;

    /// <summary>Starts a program and returns when it answers for the zone. Skips the test where it is not installed.</summary>
    public static async Task<ServerProcess> StartAsync(
        string program, IReadOnlyList<string> arguments, string folder, IPEndPoint at, string zone)
    {
        Assert.SkipUnless(File.Exists(program), $"{program} is not installed (Debian's packages knot and bind9)");
        var start = new ProcessStartInfo(program)
        {
            WorkingDirectory = folder,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        var server = new ServerProcess(System.Diagnostics.Process.Start(start)!, folder);
        server.process.OutputDataReceived += server.Keep;
        server.process.ErrorDataReceived += server.Keep;
        server.process.BeginOutputReadLine();
        server.process.BeginErrorReadLine();
        try
        {
            await server.WaitUntilItAnswersAsync(at, zone);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Returns once each of its threads stands still.</summary>
    public void Pause()
    {
        Signal("STOP");
        Assert.True(SpinWait.SpinUntil(AllThreadsStand, TimeSpan.FromSeconds(10)), "the server goes on although it was stopped");
    }

    public void Resume() => Signal("CONT");

    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            await KillAsync();
        }

        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private async Task WaitUntilItAnswersAsync(IPEndPoint at, string zone)
    {
        var exchange = new DnsExchange(TimeProvider.System, RandomNumberGenerator.Create());
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            Assert.False(process.HasExited, $"the server has ended:\n{Log()}");
            try
            {
                var answer = await exchange.QueryAsync(at, DnsName.Parse(zone), RecordType.SOA, key: null, deadline.Token);
                if (answer is { Authoritative: true, Answers.Count: > 0 })
                {
                    return;
                }
            }
            catch (DnsExchangeException)
            {
                // Not yet; the deadline says when that is a failure.
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"the server does not answer for {zone}:\n{Log()}");
            }

            await Task.Delay(20, CancellationToken.None);
        }
    }

    private bool AllThreadsStand() => Directory.EnumerateDirectories($"/proc/{process.Id}/task")
        .All(t => File.ReadAllText(Path.Combine(t, "stat")) is var stat && stat[stat.LastIndexOf(')') + 2] == 'T');

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        lock (log)
        {
            log.AppendLine(line.Data);
        }
    }

    private string Log()
    {
        lock (log)
        {
            return log.Length > 2_000 ? log.ToString(log.Length - 2_000, 2_000) : log.ToString();
        }
    }

    private void Signal(string signal)
    {
        using var kill = System.Diagnostics.Process.Start(new ProcessStartInfo("/bin/kill") { ArgumentList = { "-s", signal, $"{process.Id}" } })!;
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }
}
