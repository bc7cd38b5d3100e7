using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Kedge.Drivers.PostgreSql.Server;

/// <summary>Tells whether a host is this machine: what is seen of processes here says nothing about any other.</summary>
internal static class LocalMachine
{
    private static readonly TimeSpan LongestLook = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// True where every address of the host is one of this machine's; false where one is not, or the name does not
    /// resolve within the token's life.
    /// </summary>
    public static async Task<bool> IsAsync(string host, CancellationToken cancellation)
    {
        if (host.StartsWith('/') || host == "localhost")
        {
            return true;
        }

        if (IPAddress.TryParse(host, out var literal))
        {
            return IsOwn(literal);
        }

        try
        {
            var addresses = await System.Net.Dns.GetHostAddressesAsync(host, cancellation);
            return addresses.Length > 0 && addresses.All(IsOwn);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>The same for callers that cannot wait: a name is looked up for half a second at most.</summary>
    public static bool Is(string host)
    {
        if (host.StartsWith('/') || host == "localhost" || IPAddress.TryParse(host, out _))
        {
            return IsAsync(host, CancellationToken.None).GetAwaiter().GetResult();
        }

        var look = Task.Run(() => System.Net.Dns.GetHostAddresses(host));
        try
        {
            return look.Wait(LongestLook) && look.Result.Length > 0 && look.Result.All(IsOwn);
        }
        catch (AggregateException e) when (e.InnerException is SocketException)
        {
            return false;
        }
    }

    private static bool IsOwn(IPAddress address) =>
        IPAddress.IsLoopback(address)
        || NetworkInterface.GetAllNetworkInterfaces()
            .SelectMany(i => i.GetIPProperties().UnicastAddresses)
            .Any(a => a.Address.Equals(address));
}
