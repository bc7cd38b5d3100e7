using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;

namespace Kedge.Drivers.Http;

/// <summary>
/// One request and its answer, read to the end. No proxy, no cookies. Each request has a connection of its own, as a
/// new customer would have, so that a listener that is gone is noticed; only where the plan says so one is kept.
/// </summary>
internal sealed class HttpExchange(ISecretReader secrets)
{
    /// <summary>What is read of an answer's body; the rest is not looked at.</summary>
    private const int BodyLimit = 1 << 20;

    private readonly Lazy<HttpMessageInvoker> kept = new(() => Invoker(false, TimeSpan.FromMinutes(5), ConnectAsync));
    private readonly Lazy<HttpMessageInvoker> keptFollowing = new(() => Invoker(true, TimeSpan.FromMinutes(5), ConnectAsync));

    /// <summary>Does not throw because the request failed, or because the token ended: that is the answer.</summary>
    public async Task<HttpAnswer> SendAsync(HttpSettings settings, CancellationToken cancellation)
    {
        // A kept connection may take the request with it unseen; only a connection of its own tells for certain.
        var connected = settings.KeepConnection;
        try
        {
            using var request = Request(settings);
            if (settings.KeepConnection)
            {
                return await AskAsync(settings.FollowRedirects ? keptFollowing.Value : kept.Value, settings, request, cancellation);
            }

            using var own = Invoker(settings.FollowRedirects, TimeSpan.Zero, async (context, pool) =>
            {
                // Tied to this request: an attempt at a silent address must not go on behind it.
                using var both = CancellationTokenSource.CreateLinkedTokenSource(pool, cancellation);
                var stream = await ConnectAsync(context, both.Token);
                connected = true;
                return stream;
            });
            return await AskAsync(own, settings, request, cancellation);
        }
        catch (Exception error) when (error is OperationCanceledException or HttpRequestException { InnerException: OperationCanceledException })
        {
            // Wrapped where the attempt to connect heard of the end before the request did.
            var what = connected ? "the connection was accepted, but no whole answer came in time" : "no connection came about in time";
            return Failed(settings, what, connected ? "see whether the service hangs" : "see whether the machine runs and may be reached from here", connected);
        }
        catch (DriverException error)
        {
            return new(false, $"{settings.Title}: {error.Message}", error.Hint, Reached: false, null);
        }
        catch (HttpRequestException error)
        {
            var (what, hint) = Describe(settings, error);
            return Failed(settings, what, hint, connected && error.HttpRequestError is not HttpRequestError.SecureConnectionError);
        }
        catch (IOException error)
        {
            return Failed(settings, $"the answer broke off: {error.Message}", "see the server's log", connected);
        }
    }

    private HttpRequestMessage Request(HttpSettings settings)
    {
        var request = new HttpRequestMessage(settings.Method, settings.Url)
        {
            Content = settings.Body is { } body ? new StringContent(body, Encoding.UTF8) : null,
        };
        if (!settings.KeepConnection)
        {
            request.Headers.ConnectionClose = true;
        }

        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("kedge", null));
        foreach (var (name, value) in settings.Headers)
        {
            var text = value.Reveal(secrets);
            if (text.Any(c => c is < ' ' or > '~'))
            {
                throw new DriverException($"the value of header {name} holds more than plain characters on one line", "see the secret that it ends with");
            }

            if (!request.Headers.TryAddWithoutValidation(name, text) && !TryAddToContent(request.Content, name, text))
            {
                throw new DriverException($"the header {name} cannot be sent with this request", "a content header needs a body");
            }
        }

        return request;
    }

    /// <summary>Content-Type and the like are headers of the body, which has one of its own already.</summary>
    private static bool TryAddToContent(HttpContent? content, string name, string text)
    {
        content?.Headers.Remove(name);
        return content?.Headers.TryAddWithoutValidation(name, text) is true;
    }

    private static async Task<HttpAnswer> AskAsync(
        HttpMessageInvoker invoker, HttpSettings settings, HttpRequestMessage request, CancellationToken cancellation)
    {
        using var response = await invoker.SendAsync(request, cancellation);
        var body = await ReadAsync(response, cancellation);
        var status = (int)response.StatusCode;
        HttpAnswer Answer(bool ok, string what, string? hint) => new(ok, $"{settings.Title}: {what}", hint, Reached: true, status);

        if (!settings.Expected.Contains(status))
        {
            return Answer(false, $"answered {status} {response.StatusCode}, expected {settings.Expected}", "see the server's log");
        }

        if (body.AsSpan().IndexOf(settings.ExpectedBody) < 0)
        {
            return Answer(false, $"answered {status}, but without the text that {HttpOptions.ExpectBody} asks for", "see what it answers instead");
        }

        return settings.ExpectedPattern is { } pattern && !pattern.IsMatch(Encoding.UTF8.GetString(body))
            ? Answer(false, $"answered {status}, but nothing in it matches {HttpOptions.ExpectPattern}", "see what it answers instead")
            : Answer(true, $"answered {status}", null);
    }

    private static async Task<byte[]> ReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        // Read even where nothing is expected of it: a server may hang between head and body.
        using var stream = await response.Content.ReadAsStreamAsync(cancellation);
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (body.Length < BodyLimit
            && await stream.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, BodyLimit - body.Length)), cancellation) is > 0 and var count)
        {
            body.Write(buffer, 0, count);
        }

        return body.ToArray();
    }

    private static HttpMessageInvoker Invoker(
        bool follow, TimeSpan lifetime, Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>> connect) => new(
        new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = follow,
            PooledConnectionLifetime = lifetime,
            ActivityHeadersPropagator = null,
            ConnectCallback = connect,
        });

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static HttpAnswer Failed(HttpSettings settings, string what, string hint, bool reached) =>
        new(false, $"{settings.Title}: {what}", hint, reached, null);

    private static (string What, string Hint) Describe(HttpSettings settings, HttpRequestException error)
    {
        var place = $"{settings.Url.Host}:{settings.Url.Port}";
        return (error.HttpRequestError, error.InnerException) switch
        {
            (_, SocketException { SocketErrorCode: SocketError.ConnectionRefused }) =>
                ($"nothing listens at {place}", "see whether the service runs"),
            (_, SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain }) or (HttpRequestError.NameResolutionError, _) =>
                ($"the name {settings.Url.Host} cannot be resolved", "see the name and the resolver of this machine"),
            (_, SocketException socket) => ($"no connection to {place}: {socket.Message}", "see the network between here and there"),
            (HttpRequestError.SecureConnectionError, AuthenticationException tls) =>
                ($"no secure connection to {place}: {tls.Message}", "see the certificate, and the authorities that this machine trusts"),
            (HttpRequestError.ResponseEnded, _) => ("the connection was closed without an answer", "see the server's log"),
            (HttpRequestError.InvalidResponse, _) => ("what it answered is not HTTP", "see what listens there"),
            _ => (error.Message, "see the server's log"),
        };
    }
}
