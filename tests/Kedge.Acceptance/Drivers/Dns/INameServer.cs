using System.Net;

namespace Kedge.Acceptance.Drivers.Dns;

/// <summary>A real authoritative name server that a test started, on a loopback address of its own.</summary>
public interface INameServer : IAsyncDisposable
{
    IPEndPoint EndPoint { get; }

    /// <summary>Stops it in its tracks: its ports stay open and nothing answers.</summary>
    void Pause();

    void Resume();

    /// <summary>Kills it and returns when it is gone.</summary>
    Task KillAsync();
}

/// <summary>What a server serves, and to whom.</summary>
/// <param name="At">Where it listens; see <see cref="LoopbackPorts"/>.</param>
/// <param name="Zone">Without its last dot.</param>
/// <param name="Records">The zone file's text; null for a secondary.</param>
/// <param name="Key">The key that may query, update and transfer.</param>
/// <param name="Primary">Where a secondary gets the zone from; null for the primary.</param>
/// <param name="Secondaries">Whom the primary tells of changes.</param>
public sealed record NameServerSetup(
    IPEndPoint At, string Zone, string? Records, SharedKey Key, IPEndPoint? Primary, IReadOnlyList<IPEndPoint> Secondaries)
{
    /// <summary>A key that may ask but not update, for those who want to be refused.</summary>
    public SharedKey Reader { get; init; } = new("reader", Key.Algorithm, Key.Secret);
}

/// <summary>A TSIG key.</summary>
/// <param name="Secret">In base64.</param>
public sealed record SharedKey(string Name, string Algorithm, string Secret);
