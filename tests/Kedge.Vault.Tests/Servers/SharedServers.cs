using Kedge.Vault.Tests.Servers;
using Xunit;

[assembly: AssemblyFixture(typeof(SharedServers))]

namespace Kedge.Vault.Tests.Servers;

/// <summary>Servers that many tests use, each with a bucket or repository of its own. Started when first needed, stopped at the end.</summary>
public sealed class SharedServers : IAsyncDisposable
{
    private static readonly Lazy<Task<RadosGateway>> Ceph = new(RadosGateway.StartAsync);
    private static readonly Lazy<Task<RestServer>> Rest = new(() => RestServer.StartAsync());
    private static int names;

    internal static Task<RadosGateway> RadosGatewayAsync() => Ceph.Value;

    internal static Task<RestServer> RestServerAsync() => Rest.Value;

    /// <summary>Fit for a bucket and for a repository; never the same twice in a run.</summary>
    internal static string NewName() => $"vault-{Interlocked.Increment(ref names)}";

    public async ValueTask DisposeAsync()
    {
        if (Ceph is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
        {
            await (await Ceph.Value).DisposeAsync();
        }

        if (Rest is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
        {
            await (await Rest.Value).DisposeAsync();
        }
    }
}
