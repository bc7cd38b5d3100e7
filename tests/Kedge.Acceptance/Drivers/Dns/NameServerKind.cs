using System.Net;

namespace Kedge.Acceptance.Drivers.Dns;

/// <summary>The name servers that the driver is tried against.</summary>
public enum NameServerKind
{
    Knot,
    Bind,
}

/// <summary>Starts them.</summary>
public static class NameServerKinds
{
    /// <summary>Where a server of this kind may listen; BIND listens only at addresses that an interface lists.</summary>
    public static IPEndPoint NextPort(this NameServerKind kind) =>
        kind is NameServerKind.Bind ? LoopbackPorts.Next(IPAddress.Loopback) : LoopbackPorts.Next();

    public static async Task<INameServer> StartAsync(this NameServerKind kind, NameServerSetup setup) => kind switch
    {
        NameServerKind.Knot => await KnotServer.StartAsync(setup),
        NameServerKind.Bind => await BindServer.StartAsync(setup),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}
