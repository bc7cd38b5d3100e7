using System.Net;
using Microsoft.AspNetCore.Http;

namespace Kedge.Demo.Ordering;

/// <summary>
/// A second line of business, without a database: when only ordering is lost, it must stay where it is.
/// <c>GET /books</c> lists what can be ordered, <c>GET /ready</c> answers 200.
/// </summary>
internal static class CatalogueService
{
    /// <summary>Serves until it is cancelled.</summary>
    /// <param name="books">File that lists them.</param>
    public static async Task RunAsync(
        string site, IPEndPoint listen, string books, TimeProvider time, CancellationToken cancellation)
    {
        var list = (await File.ReadAllTextAsync(books, cancellation)).TrimEnd('\n');
        await using var server = await LeanWebServer.StartAsync(
            listen,
            context => context.Request.Path.Value switch
            {
                "/books" => PlainAnswer.WriteAsync(context, StatusCodes.Status200OK, list),
                "/ready" => PlainAnswer.WriteAsync(context, StatusCodes.Status200OK, $"the catalogue is open at {site}"),
                _ => PlainAnswer.WriteAsync(context, StatusCodes.Status404NotFound, "GET /books, GET /ready"),
            },
            time,
            cancellation);
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellation);
        }
        catch (OperationCanceledException)
        {
            // Told to stop.
        }
    }
}
