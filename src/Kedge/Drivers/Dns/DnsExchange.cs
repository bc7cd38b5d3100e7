using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Kedge.Drivers.Dns.Wire;

namespace Kedge.Drivers.Dns;

/// <summary>
/// One question and its answer. UDP first, repeated with the same bytes; TCP where the answer was cut off, where none
/// came, or where what came could not be trusted (a datagram's sender can be forged, a connection's hardly).
/// </summary>
/// <param name="time">For signatures and time-outs.</param>
/// <param name="random">A cryptographic source: identifiers must not be guessed.</param>
internal sealed class DnsExchange(TimeProvider time, RandomNumberGenerator random)
{
    // Just under three seconds until a server counts as silent. An update is given longer: it is written to a disk, and
    // Knot may let one wait a second behind another.
    private static readonly Patience ForQueries = new([TimeSpan.FromMilliseconds(300), TimeSpan.FromMilliseconds(900)], TimeSpan.FromMilliseconds(1500));
    private static readonly Patience ForUpdates = new([TimeSpan.FromMilliseconds(500), TimeSpan.FromMilliseconds(1500)], TimeSpan.FromSeconds(3));

    /// <summary>Asks for records of one type, without recursion.</summary>
    public Task<DnsMessage> QueryAsync(
        IPEndPoint server, DnsName name, RecordType type, TsigKey? key, CancellationToken cancellation) =>
        AskAsync(
            server,
            id => new DnsMessage { Id = id, Questions = [new(name, type, RecordClass.IN)] },
            key,
            cancellation);

    /// <summary>Sends a signed update. A <see cref="DnsExchangeException"/> says whether it may have had its effect.</summary>
    public Task<DnsMessage> UpdateAsync(IPEndPoint server, ZoneUpdate update, TsigKey key, CancellationToken cancellation) =>
        AskAsync(server, update.Build, key, cancellation);

    private async Task<DnsMessage> AskAsync(
        IPEndPoint server, Func<ushort, DnsMessage> build, TsigKey? key, CancellationToken cancellation)
    {
        var request = Prepare(build, key);
        var overUdp = await AskOverUdpAsync(server, request, cancellation);
        if (overUdp.Answer is { Truncated: false } answer)
        {
            return answer;
        }

        try
        {
            return await AskOverTcpAsync(server, request, cancellation);
        }
        catch (DnsExchangeException failed) when (overUdp.Distrusted is { } told && failed.Kind is not ExchangeFailure.Distrusted)
        {
            // What the server said over UDP tells more than that it offers no TCP.
            throw told;
        }
        catch (DnsExchangeException failed) when (overUdp.MaybeReceived && !failed.MaybeReceived)
        {
            throw failed.ThatMayHaveBeenReceived();
        }
    }

    private Request Prepare(Func<ushort, DnsMessage> build, TsigKey? key)
    {
        Span<byte> id = stackalloc byte[2];
        random.GetBytes(id);
        var message = build(BinaryPrimitives.ReadUInt16BigEndian(id));
        var signed = key is null
            ? new SignedMessage(MessageWriter.Write(message), [])
            : Tsig.Sign(message, key, Now(), [], TsigError.None, Octets.Empty);
        return new(message, signed, key);
    }

    private async Task<UdpResult> AskOverUdpAsync(IPEndPoint server, Request request, CancellationToken cancellation)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        var buffer = new byte[ushort.MaxValue];
        var maybeReceived = false;
        try
        {
            // Connected, so that the kernel drops datagrams from elsewhere and reports a closed port.
            await socket.ConnectAsync(server, cancellation);
            foreach (var patience in request.Patience.Udp)
            {
                using var timeout = new CancellationTokenSource(patience, time);
                using var deadline = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
                try
                {
                    await socket.SendAsync(request.Signed.Wire, SocketFlags.None, deadline.Token);
                    while (true)
                    {
                        var length = await socket.ReceiveAsync(buffer, SocketFlags.None, deadline.Token);
                        if (Match(server, request, buffer.AsSpan(0, length)) is { } answer)
                        {
                            return new(answer, MaybeReceived: true, Distrusted: null);
                        }
                    }
                }
                catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
                {
                    // Nobody said that the port is closed, so it may have come through.
                    maybeReceived = true;
                }
            }

            return new(null, maybeReceived, Distrusted: null);
        }
        catch (SocketException)
        {
            // A closed port: TCP will say the same, or answer where only UDP is kept out.
            return new(null, maybeReceived, Distrusted: null);
        }
        catch (DnsExchangeException distrusted)
        {
            return new(null, maybeReceived || distrusted.MaybeReceived, distrusted);
        }
    }

    private async Task<DnsMessage> AskOverTcpAsync(IPEndPoint server, Request request, CancellationToken cancellation)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var timeout = new CancellationTokenSource(request.Patience.Tcp, time);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        var maybeReceived = false;
        try
        {
            await socket.ConnectAsync(server, deadline.Token);
            var framed = new byte[request.Signed.Wire.Length + 2];
            BinaryPrimitives.WriteUInt16BigEndian(framed, (ushort)request.Signed.Wire.Length);
            request.Signed.Wire.CopyTo(framed, 2);
            using var stream = new NetworkStream(socket, ownsSocket: false);
            maybeReceived = true;
            await stream.WriteAsync(framed, deadline.Token);
            while (true)
            {
                var length = new byte[2];
                await stream.ReadExactlyAsync(length, deadline.Token);
                var answer = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
                await stream.ReadExactlyAsync(answer, deadline.Token);
                if (Match(server, request, answer) is { } matched)
                {
                    return matched;
                }
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new DnsExchangeException(
                ExchangeFailure.Silent,
                server,
                "does not answer",
                "see whether the name server runs and works, and whether UDP and TCP reach it from here",
                maybeReceived);
        }
        catch (Exception error) when (error is SocketException or IOException)
        {
            throw new DnsExchangeException(
                ExchangeFailure.Unreachable,
                server,
                $"cannot be reached: {Describe(error)}",
                "see whether the name server runs, listens at this address and port, and may be reached from here",
                maybeReceived,
                error);
        }
    }

    /// <summary>
    /// The answer, if these bytes are one to this request: else null, and waiting goes on. Throws where it is one that
    /// says, or shows, that the signature was not accepted.
    /// </summary>
    private DnsMessage? Match(IPEndPoint server, Request request, ReadOnlySpan<byte> wire)
    {
        DnsMessage answer;
        try
        {
            answer = MessageReader.Read(wire);
        }
        catch (DnsFormatException)
        {
            // Anybody can send such a datagram; the server's own would end in silence, which is reported.
            return null;
        }

        if (!answer.IsResponse || answer.Id != request.Message.Id || answer.Opcode != request.Message.Opcode)
        {
            return null;
        }

        // A server may leave the question out of an error; any other must be the one that was asked.
        if (answer.Questions.Count > 0 && !answer.Questions.SequenceEqual(request.Message.Questions))
        {
            return null;
        }

        if (request.Key is { } key)
        {
            var verdict = Tsig.Verify(wire, key, request.Signed.Mac, Now());
            return verdict.Kind is TsigVerdictKind.Good ? answer : throw DnsExchangeException.Distrust(server, key, verdict, answer.Rcode, Now());
        }

        return answer;
    }

    private static string Describe(Exception error) => error switch
    {
        SocketException socket => socket.SocketErrorCode switch
        {
            SocketError.ConnectionRefused => "nothing listens there",
            SocketError.HostUnreachable or SocketError.NetworkUnreachable => "no way leads there",
            _ => socket.Message,
        },
        EndOfStreamException => "it closed the connection without an answer",
        _ => error.InnerException is SocketException inner ? Describe(inner) : error.Message,
    };

    private long Now() => time.GetUtcNow().ToUnixTimeSeconds();

    private sealed record Request(DnsMessage Message, SignedMessage Signed, TsigKey? Key)
    {
        public Patience Patience => Message.Opcode is Opcode.Update ? ForUpdates : ForQueries;
    }

    /// <param name="Udp">How long to wait for an answer to each datagram.</param>
    /// <param name="Tcp">How long to wait for the whole exchange.</param>
    private sealed record Patience(TimeSpan[] Udp, TimeSpan Tcp);

    /// <param name="Answer">Null where none came in time; it may be cut off.</param>
    private sealed record UdpResult(DnsMessage? Answer, bool MaybeReceived, DnsExchangeException? Distrusted);
}
