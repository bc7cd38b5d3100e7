using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace Kedge.Vault.Tests.Servers;

/// <summary>
/// A misbehaving network and server, made of a good one: forwards HTTP/1.1, one request a connection, and does to the next
/// requests what a test has asked for.
/// </summary>
internal sealed partial class FaultyForwarder : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly ConcurrentDictionary<Task, bool> connections = new();
    private readonly Lock guard = new();
    private readonly List<(string Method, Fault Fault)> planned = [];
    private readonly Uri server;
    private readonly Task accepting;

    internal FaultyForwarder(Uri server)
    {
        this.server = server;
        listener.Start();
        accepting = AcceptAsync();
    }

    internal Uri Address => new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/");

    /// <summary>How many faults have not met their request yet.</summary>
    internal int Left
    {
        get
        {
            lock (guard)
            {
                return planned.Count;
            }
        }
    }

    /// <summary>Does this to the next requests with a method, each once; several plans for a method come one after the other.</summary>
    internal void Next(string method, Fault fault, int times = 1)
    {
        lock (guard)
        {
            planned.AddRange(Enumerable.Repeat((method, fault), times));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await accepting;
        listener.Stop();
        await Task.WhenAll(connections.Keys);
        stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                var client = await listener.AcceptTcpClientAsync(stopping.Token);
                var serving = Task.Run(() => ServeAsync(client));
                connections[serving] = true;
                _ = serving.ContinueWith(t => connections.TryRemove(t, out _), TaskScheduler.Default);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var here = client;
        using var there = new TcpClient();
        try
        {
            var near = here.GetStream();
            var (head, body) = await ReadHeadAsync(near);
            if (head.Length == 0)
            {
                return;
            }

            var fault = Choose(head[..head.IndexOf(' ', StringComparison.Ordinal)]);
            if (fault is { Kind: FaultKind.Refuse or FaultKind.Garbage or FaultKind.Silence })
            {
                await AnswerAsync(near, fault.Value, head, body.Length);
                return;
            }

            await there.ConnectAsync(IPAddress.Parse(server.Host), server.Port, stopping.Token);
            var far = there.GetStream();
            await far.WriteAsync(Encoding.Latin1.GetBytes(Changed(head, fault)), stopping.Token);
            var up = UpAsync(near, far, body, fault);
            await DownAsync(far, near, fault, up);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            Cut(here);
            Cut(there);
        }
    }

    private Fault? Choose(string method)
    {
        lock (guard)
        {
            var index = planned.FindIndex(p => p.Method == method);
            if (index < 0)
            {
                return null;
            }

            var fault = planned[index].Fault;
            planned.RemoveAt(index);
            return fault;
        }
    }

    private async Task AnswerAsync(NetworkStream near, Fault fault, string head, int arrived)
    {
        if (fault.Kind == FaultKind.Silence)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, stopping.Token);
        }

        // A body that is on its way already would otherwise meet a closed door, and take our answer with it.
        var scratch = new byte[1 << 16];
        var left = Expects().IsMatch(head) ? 0 : LengthIn(head) - arrived;
        while (left > 0 && await near.ReadAsync(scratch, stopping.Token) is > 0 and var count)
        {
            left -= count;
        }

        var answer = fault.Kind == FaultKind.Garbage
            ? "\u0001\u0002 this is no HTTP\r\n\r\n"
            : $"HTTP/1.1 {fault.Value} Faulty\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        await near.WriteAsync(Encoding.Latin1.GetBytes(answer), stopping.Token);
        await CloseAsync(near);
    }

    private async Task UpAsync(NetworkStream near, NetworkStream far, byte[] first, Fault? fault)
    {
        var left = fault is { Kind: FaultKind.CutRequest } cut ? cut.Value : long.MaxValue;
        var buffer = new byte[1 << 14];
        for (var piece = first.AsMemory(); ;)
        {
            piece = piece[..(int)Math.Min(piece.Length, left)];
            await far.WriteAsync(piece, stopping.Token);
            left -= piece.Length;
            if (left == 0)
            {
                throw new IOException("cut as planned");
            }

            var count = await near.ReadAsync(buffer, stopping.Token);
            if (count == 0)
            {
                return;
            }

            piece = buffer.AsMemory(0, count);
        }
    }

    private async Task DownAsync(NetworkStream far, NetworkStream near, Fault? fault, Task up)
    {
        var answer = ReadHeadAsync(far);
        while (true)
        {
            // A request that is cut has no answer to wait for.
            if (await Task.WhenAny(up, answer) == up)
            {
                await up;
            }

            var (head, body) = await answer;
            if (head.StartsWith("HTTP/1.1 100", StringComparison.Ordinal))
            {
                await near.WriteAsync(Encoding.Latin1.GetBytes(head), stopping.Token);
                answer = ReadHeadAsync(far, body);
                continue;
            }

            if (head.Length == 0 || fault is { Kind: FaultKind.LoseAnswer })
            {
                throw new IOException("lost as planned");
            }

            await near.WriteAsync(Encoding.Latin1.GetBytes(
                fault is { Kind: FaultKind.ShortenAnswer } shorten ? Length().Replace(head, $"Content-Length: {shorten.Value}") : head), stopping.Token);
            await BodyAsync(far, near, body, fault);
            return;
        }
    }

    private async Task BodyAsync(NetworkStream far, NetworkStream near, byte[] first, Fault? fault)
    {
        var left = fault is { Kind: FaultKind.CutAnswer or FaultKind.ShortenAnswer } cut ? cut.Value : long.MaxValue;
        var buffer = new byte[1 << 14];
        for (var piece = first.AsMemory(); ;)
        {
            piece = piece[..(int)Math.Min(piece.Length, left)];
            await near.WriteAsync(piece, stopping.Token);
            left -= piece.Length;
            if (left == 0 && fault is { Kind: FaultKind.CutAnswer })
            {
                throw new IOException("cut as planned");
            }

            var count = left == 0 ? 0 : await far.ReadAsync(buffer, stopping.Token);
            if (count == 0)
            {
                await CloseAsync(near);
                return;
            }

            piece = buffer.AsMemory(0, count);
        }
    }

    /// <summary>Up to and with the empty line, and what has come after it already.</summary>
    private async Task<(string Head, byte[] Body)> ReadHeadAsync(NetworkStream from, byte[]? first = null)
    {
        var all = new List<byte>(first ?? []);
        var buffer = new byte[1 << 14];
        while (true)
        {
            var text = Encoding.Latin1.GetString([.. all]);
            if (text.IndexOf("\r\n\r\n", StringComparison.Ordinal) is >= 0 and var end)
            {
                return (text[..(end + 4)], [.. all.Skip(end + 4)]);
            }

            var count = await from.ReadAsync(buffer, stopping.Token);
            if (count == 0)
            {
                return ("", []);
            }

            all.AddRange(buffer.AsSpan(0, count));
        }
    }

    /// <summary>Closed at once, a connection may take with it what the other side has not read yet.</summary>
    private async Task CloseAsync(NetworkStream near)
    {
        near.Socket.Shutdown(SocketShutdown.Send);
        await near.CopyToAsync(Stream.Null, stopping.Token);
    }

    private static string Changed(string head, Fault? fault)
    {
        var closing = head[..^2] + "Connection: close\r\n\r\n";
        return fault?.Kind switch
        {
            FaultKind.DropRange => Range().Replace(closing, ""),
            FaultKind.ShiftRange => Range().Replace(closing, "Range: bytes=0-9\r\n"),
            _ => closing,
        };
    }

    private static int LengthIn(string head) => Length().Match(head) is { Success: true } match ? int.Parse(match.Groups[1].Value) : 0;

    private static void Cut(TcpClient connection)
    {
        if (connection.Client is { } socket)
        {
            socket.LingerState = new(true, 0);
            connection.Close();
        }
    }

    [GeneratedRegex(@"Range: bytes=\S+\r\n", RegexOptions.IgnoreCase)]
    private static partial Regex Range();

    [GeneratedRegex(@"Content-Length: (\d+)", RegexOptions.IgnoreCase)]
    private static partial Regex Length();

    [GeneratedRegex("Expect: 100-continue", RegexOptions.IgnoreCase)]
    private static partial Regex Expects();
}
