using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Kedge.Demo.World;

/// <summary>Finds ports that nobody uses.</summary>
internal static class FreePorts
{
    /// <summary>Below the range from which Linux gives out ports by itself (32768 and up), so that nothing gets one meanwhile.</summary>
    private const int Lowest = 20_000;
    private const int Highest = 32_000;

    /// <summary>As many different ports, each free on all of these addresses, for TCP and UDP.</summary>
    public static int[] Find(int count, IReadOnlyList<IPAddress> addresses)
    {
        var found = new HashSet<int>();
        for (var attempt = 0; found.Count < count; attempt++)
        {
            var port = RandomNumberGenerator.GetInt32(Lowest, Highest);
            if (addresses.All(a => IsFree(new(a, port))))
            {
                found.Add(port);
            }
            else if (attempt > 1_000)
            {
                throw new DemoException($"no free port between {Lowest} and {Highest}", "end what uses them");
            }
        }

        return [.. found];
    }

    private static bool IsFree(IPEndPoint where)
    {
        try
        {
            using var stream = new Socket(SocketType.Stream, ProtocolType.Tcp);
            stream.Bind(where);
            using var datagram = new Socket(SocketType.Dgram, ProtocolType.Udp);
            datagram.Bind(where);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
