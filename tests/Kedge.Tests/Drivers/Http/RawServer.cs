using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Kedge.Tests.Drivers.Http;

/// <summary>A listener on a free loopback port that answers each connection with exactly the given bytes, or hangs.</summary>
internal sealed class RawServer : IAsyncDisposable
{
    private readonly CancellationTokenSource over = new();
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly Func<string, string?> answer;
    private readonly bool close;
    private readonly Task accepting;
    private readonly List<Task> serving = [];

    /// <param name="answer">From a request's text to the answer's; null never answers.</param>
    /// <param name="close">Closes the connection after the answer; else goes on with the next request on it.</param>
    public RawServer(Func<string, string?> answer, bool close)
    {
        (this.answer, this.close) = (answer, close);
        listener.Start();
        Url = $"http://{listener.LocalEndpoint}/ready";
        accepting = AcceptAsync();
    }

    public string Url { get; }

    public int Connections { get; private set; }

    public List<string> Requests { get; } = [];

    public static string Ok(string body) => $"HTTP/1.1 200 OK\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}";

    /// <summary>No new connection is accepted; those that are there go on.</summary>
    public void StopListening() => listener.Stop();

    public async ValueTask DisposeAsync()
    {
        await over.CancelAsync();
        listener.Stop();
        await accepting;
        await Task.WhenAll(serving);
        over.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync(over.Token);
                Connections++;
                serving.Add(ServeAsync(client));
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var owned = client;
        var stream = client.GetStream();
        try
        {
            while (await ReadAsync(stream) is { } request)
            {
                Requests.Add(request);
                if (answer(request) is not { } text)
                {
                    await Task.Delay(Timeout.Infinite, over.Token);
                    return;
                }

                await stream.WriteAsync(Encoding.UTF8.GetBytes(text), over.Token);
                if (close)
                {
                    return;
                }
            }
        }
        catch (Exception error) when (error is OperationCanceledException or IOException or SocketException)
        {
            // The client has gone, or the test is over.
        }
    }

    private async Task<string?> ReadAsync(NetworkStream stream)
    {
        var request = new StringBuilder();
        var buffer = new byte[4096];
        while (true)
        {
            var count = await stream.ReadAsync(buffer, over.Token);
            if (count == 0)
            {
                return null;
            }

            request.Append(Encoding.UTF8.GetString(buffer, 0, count));
            var text = request.ToString();
            var head = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (head >= 0 && text.Length >= head + 4 + LengthOf(text[..head]))
            {
                return text;
            }
        }
    }

    private static int LengthOf(string head) => head.Split("\r\n")
        .Where(l => l.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
        .Select(l => int.Parse(l.Split(':')[1]))
        .SingleOrDefault();
}
