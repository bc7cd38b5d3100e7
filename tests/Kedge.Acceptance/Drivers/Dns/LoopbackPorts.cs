using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Kedge.Acceptance.Drivers.Dns;

/// <summary>Free places to listen at, for UDP and TCP alike.</summary>
public static class LoopbackPorts
{
    /// <summary>
    /// A loopback address of its own with a free port: name servers share ports willingly (SO_REUSEPORT), so that a
    /// port that another test picks at the same moment must not be at the same address.
    /// </summary>
    public static IPEndPoint Next() => Next(new IPAddress(
        [127, (byte)RandomNumberGenerator.GetInt32(64, 250), (byte)RandomNumberGenerator.GetInt32(250), (byte)RandomNumberGenerator.GetInt32(1, 250)]));

    public static IPEndPoint Next(IPAddress address)
    {
        while (true)
        {
            using var udp = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            using var tcp = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            udp.Bind(new IPEndPoint(address, 0));
            var place = (IPEndPoint)udp.LocalEndPoint!;
            try
            {
                tcp.Bind(place);
                return place;
            }
            catch (SocketException)
            {
                // Taken for TCP: the next one.
            }
        }
    }
}
