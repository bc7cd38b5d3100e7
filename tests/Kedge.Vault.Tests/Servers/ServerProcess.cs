using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Kedge.Vault.Tests.Servers;

/// <summary>
/// A server in the foreground, below a shell that kills it when this process closes the shell's input: also when the tests
/// themselves are killed.
/// </summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private const string KillWhenInputEnds = """
        exec 3<&0
        "$@" </dev/null 3<&- & server=$!
        { cat <&3; kill -KILL $server; } >/dev/null 2>&1 & guard=$!
        wait $server; code=$?
        kill $guard 2>/dev/null
        exit $code
        """;

    private readonly Process shell;
    private readonly string log;

    private ServerProcess(Process shell, string log) => (this.shell, this.log) = (shell, log);

    /// <param name="log">The file that gets what the server says.</param>
    internal static ServerProcess Start(string program, IEnumerable<string> arguments, string log)
    {
        var start = new ProcessStartInfo("/bin/sh")
        {
            ArgumentList = { "-c", $"exec >>\"$0\" 2>&1\n{KillWhenInputEnds}", log, program },
            RedirectStandardInput = true,
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return new(Process.Start(start)!, log);
    }

    /// <summary>
    /// A port that nobody listens on at the moment; below those that the system gives to connections (ip(7),
    /// ip_local_port_range), of which one could take it before the server does.
    /// </summary>
    internal static int FreePort()
    {
        while (true)
        {
            var port = RandomNumberGenerator.GetInt32(20_000, 32_000);
            using var socket = new TcpListener(IPAddress.Loopback, port);
            try
            {
                socket.Start();
                return port;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // Another one, then.
            }
        }
    }

    /// <summary>Returns when <paramref name="answers"/> says so.</summary>
    internal async Task WaitUntilAsync(Func<CancellationToken, Task<bool>> answers, TimeSpan limit)
    {
        using var deadline = new CancellationTokenSource(limit);
        while (!await TryAsync(answers, deadline.Token))
        {
            if (shell.HasExited || deadline.IsCancellationRequested)
            {
                throw new InvalidOperationException($"the server {(shell.HasExited ? "has ended" : "does not answer")}:\n{Log()}");
            }

            await Task.Delay(20, CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        shell.StandardInput.Close();
        await shell.WaitForExitAsync();
        shell.Dispose();
    }

    internal string Log()
    {
        var all = File.Exists(log) ? File.ReadAllText(log) : "";
        return all.Length > 4_000 ? all[^4_000..] : all;
    }

    private static async Task<bool> TryAsync(Func<CancellationToken, Task<bool>> answers, CancellationToken cancellation)
    {
        try
        {
            return await answers(cancellation);
        }
        catch (Exception e) when (e is HttpRequestException or SocketException or OperationCanceledException)
        {
            // Not yet.
            return false;
        }
    }
}
