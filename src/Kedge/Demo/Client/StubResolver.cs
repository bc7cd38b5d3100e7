using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Kedge.Demo.Client;

/// <summary>
/// Asks one DNS server for one name, when the answer is needed and the last one has run out: never uses a record beyond
/// its time to live, never asks while it has one. Counts the time to live from the question, not from the answer.
/// </summary>
internal sealed class StubResolver(string name, IPEndPoint server, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromMilliseconds(400);

    /// <summary>Between questions that were not answered.</summary>
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(100);

    private readonly SemaphoreSlim asking = new(1, 1);
    private ResolvedAddress? newest;
    private long askedAt;
    private long failedAt;

    /// <summary>The address to use now; null where the server gives none.</summary>
    public async ValueTask<IPAddress?> FindAsync(CancellationToken cancellation)
    {
        if (Fresh() is { } known)
        {
            return known;
        }

        await asking.WaitAsync(cancellation);
        try
        {
            if (Fresh() is { } meanwhile)
            {
                return meanwhile;
            }

            if (newest is null && failedAt != 0 && time.GetElapsedTime(failedAt) < RetryAfter)
            {
                return null;
            }

            var at = time.GetTimestamp();
            (newest, askedAt) = (await AskAsync(cancellation), at);
            failedAt = newest is null ? at : 0;
            return newest?.Address;
        }
        finally
        {
            asking.Release();
        }
    }

    public void Dispose() => asking.Dispose();

    private IPAddress? Fresh() =>
        newest is { } record && time.GetElapsedTime(askedAt) < record.TimeToLive ? record.Address : null;

    private async Task<ResolvedAddress?> AskAsync(CancellationToken cancellation)
    {
        using var clock = new CancellationTokenSource(AnswerLimit, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(clock.Token, cancellation);
        var question = DnsAddressQuestion.Encode((ushort)RandomNumberGenerator.GetInt32(ushort.MaxValue + 1), name);
        var answer = new byte[512];
        try
        {
            // A socket for each question: a late answer to an earlier one cannot be taken for this one's.
            using var socket = new Socket(SocketType.Dgram, ProtocolType.Udp);
            await socket.ConnectAsync(server, limit.Token);
            await socket.SendAsync(question, limit.Token);
            var length = await socket.ReceiveAsync(answer, limit.Token);
            return DnsAddressQuestion.Decode(answer.AsSpan(0, length), question);
        }
        catch (SocketException)
        {
            return null;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return null;
        }
    }
}
