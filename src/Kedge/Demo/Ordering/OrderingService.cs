using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Kedge.Demo.Ordering;

/// <summary>
/// The line of business that the demo loses and recovers. <c>POST /orders/ID</c> answers 201 once the order is committed;
/// <c>GET /orders/count</c> tells how many there are; <c>GET /ready</c> answers 200 when an order could be placed now.
/// It answers 503, with the reason, when the database cannot be had in time.
/// </summary>
internal static class OrderingService
{
    /// <summary>Serves until it is cancelled. Listens before it has a database, so that it may start ahead of one.</summary>
    public static async Task RunAsync(OrderingServiceOptions options, TimeProvider time, CancellationToken cancellation)
    {
        await using var book = new OrderBook(options, time);
        await using var server = await LeanWebServer.StartAsync(
            options.Listen, context => AnswerAsync(context, book, options.Site), time, cancellation);
        try
        {
            await book.WarmUpAsync(cancellation);
            await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellation);
        }
        catch (OperationCanceledException)
        {
            // Told to stop.
        }
    }

    private static async Task AnswerAsync(HttpContext context, OrderBook book, string site)
    {
        try
        {
            var (status, text) = await DoAsync(context.Request, book, site, context.RequestAborted);
            await PlainAnswer.WriteAsync(context, status, text);
        }
        catch (OrderRefusedException refused)
        {
            await PlainAnswer.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, $"{refused.Message} (asked at {site})");
        }
        catch (OperationCanceledException)
        {
            context.Abort();
        }
    }

    private static async Task<(int Status, string Text)> DoAsync(
        HttpRequest request, OrderBook book, string site, CancellationToken cancellation)
    {
        var path = request.Path.Value ?? "";
        switch (request.Method)
        {
            case "POST" when path.StartsWith("/orders/", StringComparison.Ordinal):
                if (!long.TryParse(path.AsSpan("/orders/".Length), NumberStyles.None, CultureInfo.InvariantCulture, out var id))
                {
                    return (StatusCodes.Status400BadRequest, "an order is a number: POST /orders/17");
                }

                await book.PlaceAsync(id, cancellation);
                return (StatusCodes.Status201Created, $"order {id} placed at {site}");
            case "GET" when path == "/orders/count":
                return (StatusCodes.Status200OK, $"{await book.CountAsync(cancellation)}");
            case "GET" when path == "/ready":
                await book.EnsureWritableAsync(cancellation);
                return (StatusCodes.Status200OK, $"orders can be placed at {site}");
            default:
                return (StatusCodes.Status404NotFound, "POST /orders/ID, GET /orders/count, GET /ready");
        }
    }
}
