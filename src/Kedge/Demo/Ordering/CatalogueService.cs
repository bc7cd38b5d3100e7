using System.Net;
using Microsoft.AspNetCore.Http;

namespace Kedge.Demo.Ordering;

/// <summary>
/// A second line of business, without a database: when only ordering is lost, it must stay where it is.
/// <c>GET /books</c> lists what can be ordered, <c>GET /ready</c> answers 200.
/// </summary>
internal static class CatalogueService
{
    private const string Books = "1 The Mill on the Floss\n2 Moby-Dick\n3 Middlemarch\n4 Typhoon";

    /// <summary>Serves until it is cancelled.</summary>
    public static async Task RunAsync(string site, IPEndPoint listen, TimeProvider time, CancellationToken cancellation)
    {
        await using var server = await LeanWebServer.StartAsync(
            listen,
            context => context.Request.Path.Value switch
            {
                "/books" => PlainAnswer.WriteAsync(context, StatusCodes.Status200OK, Books),
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
