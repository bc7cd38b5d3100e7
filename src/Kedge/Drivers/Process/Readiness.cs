using System.Globalization;
using System.Net.Sockets;
using Kedge.Drivers.Programs;
using Kedge.Plan.Contracts;

namespace Kedge.Drivers.Process;

/// <summary>Whether a process does what it was started for.</summary>
internal sealed class Readiness(TimeProvider time)
{
    /// <summary>One question is not waited for longer than this.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Clock ticks a second in /proc/PID/stat: USER_HZ, a constant of Linux's interface on all processors that .NET runs on.</summary>
    private const double TicksPerSecond = 100;

    private static readonly HttpClient Http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        PooledConnectionLifetime = TimeSpan.Zero,
    })
    { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>True where something outside the process can be asked; else only its age counts.</summary>
    internal static bool CanAsk(OptionValues options) => options.Has("ready-url") || options.Has("ready-port");

    /// <summary>Asks once. Never throws because it is not ready: that is the answer.</summary>
    /// <param name="main">The process; null to ask only whether something answers in its place.</param>
    internal async Task<(bool Ready, string What)> AskAsync(OptionValues options, ProcessStat? main, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            return options.TextOrNull("ready-url") is { } url ? await GetAsync(url, either.Token)
                : options.Has("ready-port") ? await ConnectAsync(options.Text("ready-host"), options.Integer("ready-port"), either.Token)
                : main is { } process ? HasRun(process, options.Duration("ready-after"))
                : (false, "it does not run");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return (false, $"{Place(options)} does not answer within {Durations.Show(Patience)}");
        }
        catch (Exception e) when (e is HttpRequestException or SocketException or IOException)
        {
            var cause = e.GetBaseException();
            return (false, $"{Place(options)} does not answer: {cause.Message}");
        }
    }

    private static async Task<(bool Ready, string What)> GetAsync(string url, CancellationToken cancellation)
    {
        using var response = await Http.GetAsync(new Uri(url), HttpCompletionOption.ResponseHeadersRead, cancellation);
        return (response.IsSuccessStatusCode, $"{url} answers {(int)response.StatusCode}");
    }

    private static async Task<(bool Ready, string What)> ConnectAsync(string host, int port, CancellationToken cancellation)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(host, port, cancellation);
        return (true, $"{host}:{port} accepts connections");
    }

    private static (bool Ready, string What) HasRun(ProcessStat process, TimeSpan needed)
    {
        var uptime = double.Parse(File.ReadAllText("/proc/uptime").Split(' ')[0], CultureInfo.InvariantCulture);
        var age = TimeSpan.FromSeconds(Math.Max(0, uptime - process.Identity.Started / TicksPerSecond));
        return (age >= needed, age >= needed
            ? $"it has run for {Durations.Show(needed)}"
            : $"it has run for less than {Durations.Show(needed)}");
    }

    private static string Place(OptionValues options) =>
        options.TextOrNull("ready-url") ?? $"{options.Text("ready-host")}:{options.Integer("ready-port")}";
}
