using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Kedge.Demo.Ordering;

/// <summary>
/// Kestrel without a host around it. A dormant service starts while customers wait: configuration, logging and
/// dependency injection would cost it more time than all of the rest.
/// </summary>
internal sealed class LeanWebServer : IAsyncDisposable
{
    private static readonly TimeSpan GraceAtTheEnd = TimeSpan.FromMilliseconds(300);

    private readonly KestrelServer server;
    private readonly TimeProvider time;

    private LeanWebServer(KestrelServer server, TimeProvider time)
    {
        this.server = server;
        this.time = time;
    }

    /// <summary>Listens when this returns. Throws <see cref="IOException"/> where the address is taken.</summary>
    public static async Task<LeanWebServer> StartAsync(
        IPEndPoint listen, Func<HttpContext, Task> answer, TimeProvider time, CancellationToken cancellation)
    {
        var options = new KestrelServerOptions { AddServerHeader = false };
        options.Listen(listen, l => l.Protocols = HttpProtocols.Http1);
        var transport = new SocketTransportFactory(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance);
        var server = new KestrelServer(Options.Create(options), transport, NullLoggerFactory.Instance);
        await server.StartAsync(new Application(answer), cancellation);
        return new(server, time);
    }

    /// <summary>Listens no longer, lets requests end for a moment, then cuts them off.</summary>
    public async ValueTask DisposeAsync()
    {
        using var grace = new CancellationTokenSource(GraceAtTheEnd, time);
        await server.StopAsync(grace.Token);
        server.Dispose();
    }

    private sealed class Application(Func<HttpContext, Task> answer) : IHttpApplication<HttpContext>
    {
        public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

        public Task ProcessRequestAsync(HttpContext context) => answer(context);

        public void DisposeContext(HttpContext context, Exception? exception)
        {
        }
    }
}
