using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Kedge.Acceptance.Drivers.Dns;

/// <summary>Stands between the driver and a name server, over UDP and TCP, and may change, drop or delay what passes.</summary>
internal sealed class DnsRelay : IAsyncDisposable
{
    private readonly CancellationTokenSource over = new();
    private readonly Socket udp = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly Socket tcp = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly IPEndPoint server;
    private readonly Task[] loops;

    public DnsRelay(IPEndPoint server)
    {
        this.server = server;
        EndPoint = LoopbackPorts.Next();
        udp.Bind(EndPoint);
        tcp.Bind(EndPoint);
        tcp.Listen();
        loops = [RelayUdpAsync(), RelayTcpAsync()];
    }

    public IPEndPoint EndPoint { get; }

    /// <summary>What becomes of a request; null drops it.</summary>
    public Func<byte[], Task<byte[]?>> OnRequest { get; set; } = request => Task.FromResult<byte[]?>(request);

    /// <summary>What becomes of an answer; null drops it.</summary>
    public Func<byte[], bool, byte[]?> OnAnswer { get; set; } = (answer, _) => answer;

    /// <summary>Answers seen, by transport.</summary>
    public int OverUdp { get; private set; }

    public int OverTcp { get; private set; }

    public static bool IsUpdate(byte[] message) => ((message[2] >> 3) & 0x0f) == 5;

    public async ValueTask DisposeAsync()
    {
        await over.CancelAsync();
        udp.Dispose();
        tcp.Dispose();
        await Task.WhenAll(loops);
        over.Dispose();
    }

    private async Task RelayUdpAsync()
    {
        var buffer = new byte[ushort.MaxValue];
        try
        {
            while (true)
            {
                var received = await udp.ReceiveFromAsync(buffer, SocketFlags.None, new IPEndPoint(IPAddress.Any, 0), over.Token);
                if (await OnRequest(buffer[..received.ReceivedBytes]) is not { } request)
                {
                    continue;
                }

                using var away = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
                await away.ConnectAsync(server, over.Token);
                await away.SendAsync(request, over.Token);
                var length = await away.ReceiveAsync(buffer, over.Token);
                OverUdp++;
                if (OnAnswer(buffer[..length], false) is { } answer)
                {
                    await udp.SendToAsync(answer, received.RemoteEndPoint, over.Token);
                }
            }
        }
        catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The test is over.
        }
    }

    private async Task RelayTcpAsync()
    {
        try
        {
            while (true)
            {
                using var near = new NetworkStream(await tcp.AcceptAsync(over.Token), ownsSocket: true);
                using var away = new TcpClient();
                await away.ConnectAsync(server, over.Token);
                if (await OnRequest(await ReadAsync(near)) is not { } request)
                {
                    continue;
                }

                await WriteAsync(away.GetStream(), request);
                var answer = OnAnswer(await ReadAsync(away.GetStream()), true);
                OverTcp++;
                if (answer is not null)
                {
                    await WriteAsync(near, answer);
                }
            }
        }
        catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException or SocketException or IOException)
        {
            // The test is over.
        }
    }

    private async Task<byte[]> ReadAsync(NetworkStream stream)
    {
        var length = new byte[2];
        await stream.ReadExactlyAsync(length, over.Token);
        var message = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
        await stream.ReadExactlyAsync(message, over.Token);
        return message;
    }

    private async Task WriteAsync(NetworkStream stream, byte[] message)
    {
        var framed = new byte[message.Length + 2];
        BinaryPrimitives.WriteUInt16BigEndian(framed, (ushort)message.Length);
        message.CopyTo(framed, 2);
        await stream.WriteAsync(framed, over.Token);
    }
}
