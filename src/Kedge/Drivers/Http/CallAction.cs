using System.Net.Sockets;
using Kedge.Plan.Contracts;
using Kedge.Plan.Model;

namespace Kedge.Drivers.Http;

/// <summary>A request made once, as a step of the plan's own.</summary>
internal sealed class CallAction(TimeProvider time, HttpExchange exchange, ISecretReader secrets) : IDriverAction
{
    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(3);

    public static ActionContract Offered { get; } = new()
    {
        Name = "call",
        Role = ActionRole.Custom,
        Kinds = Enum.GetValues<RunKind>(),
        Title = "Call over HTTP",
        Why = "The plan asks for it here.",
        SafeToRepeat = false,
        SafeToRepeatWith = HttpOptions.SafeToRepeat,
        Estimate = TimeSpan.FromSeconds(1),
        Timeout = HttpOptions.LongestTimeout + TimeSpan.FromMinutes(1),
    };

    /// <summary>A call leaves nothing behind that could be looked at, so it counts as not made until it was.</summary>
    public Task<Judgement> JudgeAsync(StepContext step, CancellationToken cancellation) =>
        Task.FromResult(Judgement.NotYet($"{HttpSettings.Of(step.Options).Title} has not been called"));

    public async Task<string> ActAsync(StepContext step, CancellationToken cancellation)
    {
        var settings = HttpSettings.Of(step.Options);
        using var timeout = new CancellationTokenSource(settings.Timeout!.Value, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        var answer = await exchange.SendAsync(settings, both.Token);
        if (answer.Ok)
        {
            return answer.What;
        }

        if (answer.Status is null)
        {
            cancellation.ThrowIfCancellationRequested();
        }

        // Below 500 the server says that it did not do it; from there on, and without an answer, it may have begun.
        var maybe = answer.Reached && answer.Status is null or >= 500;
        throw new DriverException(answer.What, answer.Hint, outcomeUnknown: maybe && !ChangesNothing(settings.Method));
    }

    /// <summary>The answer was the verification: acting fails where it is not the expected one.</summary>
    public Task<Judgement> VerifyAsync(StepContext step, CancellationToken cancellation) =>
        Task.FromResult(Judgement.Done("the call was answered as expected"));

    public async Task<IReadOnlyList<PreflightFinding>> PreflightAsync(StepContext step, CancellationToken cancellation)
    {
        var settings = HttpSettings.Of(step.Options);
        return [.. settings.Headers.Select(TryReveal).OfType<PreflightFinding>(), await TryConnectAsync(settings.Url, cancellation)];
    }

    /// <summary>Methods that ask for nothing to be changed (RFC 9110, section 9.2.1): a failed one has no outcome to be unsure of.</summary>
    private static bool ChangesNothing(HttpMethod method) => method == HttpMethod.Get || method == HttpMethod.Head;

    private PreflightFinding? TryReveal((string Name, HeaderValue Value) header)
    {
        try
        {
            header.Value.Reveal(secrets);
            return null;
        }
        catch (DriverException error)
        {
            return new(false, error.Message, error.Hint);
        }
    }

    /// <summary>Making the call would do what it does; that somebody listens can be seen without.</summary>
    private async Task<PreflightFinding> TryConnectAsync(Uri url, CancellationToken cancellation)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        using var timeout = new CancellationTokenSource(ConnectPatience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        try
        {
            await socket.ConnectAsync(url.IdnHost, url.Port, both.Token);
            return new(true, $"{url.Host}:{url.Port} accepts connections", null);
        }
        catch (SocketException error)
        {
            return new(false, $"no connection to {url.Host}:{url.Port}: {error.Message}", "see whether the service runs and may be reached from here");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new(false, $"no connection to {url.Host}:{url.Port} in time", "see whether the machine runs and may be reached from here");
        }
    }
}
