using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Kedge.Demo.Client;

/// <summary>
/// A customer who places orders all the time, through the service's name, and writes down what became of each. An order
/// is sent once: what is refused stays refused.
/// </summary>
internal static class OrderingClient
{
    /// <summary>How long it waits for an answer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Waits for no more answers than this from one address; orders to another do not wait for them.</summary>
    private const int InFlightLimit = 8;

    /// <summary>Orders until it is cancelled.</summary>
    public static async Task RunAsync(OrderingClientOptions options, TimeProvider time, CancellationToken cancellation)
    {
        using var ledger = new OrderLedger(options.Ledger);
        using var resolver = new StubResolver(options.Host, options.NameServer, time);
        using var http = new HttpClient(Connections()) { Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.Host = $"{options.Host}:{options.Port}";
        using var ticks = new PeriodicTimer(TimeSpan.FromSeconds(1) / options.Rate, time);
        var inFlight = new ConcurrentDictionary<IPAddress, int>();
        var order = 0L;
        try
        {
            while (await ticks.WaitForNextTickAsync(cancellation))
            {
                var placed = time.GetUtcNow();
                if (await resolver.FindAsync(cancellation) is not { } address)
                {
                    ledger.Append(new(time.GetUtcNow(), ++order, placed, null, $"{options.Host} has no address"));
                }
                else if (inFlight.GetValueOrDefault(address) < InFlightLimit)
                {
                    inFlight.AddOrUpdate(address, 1, (_, count) => count + 1);
                    _ = PlaceAsync(++order, address, placed);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Told to stop: orders that are under way are neither acknowledged nor refused, so the ledger is silent on them.
        }

        async Task PlaceAsync(long number, IPAddress address, DateTimeOffset placed)
        {
            var refused = await TryPlaceAsync(http, new UriBuilder("http", address.ToString(), options.Port, $"orders/{number}").Uri, time, cancellation);
            inFlight.AddOrUpdate(address, 0, (_, count) => count - 1);
            if (!cancellation.IsCancellationRequested)
            {
                ledger.Append(new(time.GetUtcNow(), number, placed, address.ToString(), refused));
            }
        }
    }

    /// <summary>Connections are kept per address, so that a new address means new connections.</summary>
    private static SocketsHttpHandler Connections() => new()
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        ActivityHeadersPropagator = null,
        ConnectTimeout = Patience,
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(2),
    };

    /// <summary>Null: acknowledged. Otherwise why not.</summary>
    private static async Task<string?> TryPlaceAsync(HttpClient http, Uri where, TimeProvider time, CancellationToken cancellation)
    {
        using var clock = new CancellationTokenSource(Patience, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(clock.Token, cancellation);
        try
        {
            using var answer = await http.PostAsync(where, null, limit.Token);
            return answer.StatusCode is HttpStatusCode.Created
                ? null
                : (await answer.Content.ReadAsStringAsync(limit.Token)).TrimEnd('\n');
        }
        catch (OperationCanceledException)
        {
            return "no answer";
        }
        catch (HttpRequestException failed)
        {
            return failed.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused }
                ? "connection refused"
                : "connection lost";
        }
    }
}
