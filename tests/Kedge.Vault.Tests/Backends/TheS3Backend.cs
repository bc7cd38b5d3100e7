using Kedge.Vault.Backends;
using Kedge.Vault.Tests.Servers;

namespace Kedge.Vault.Tests.Backends;

/// <summary>On Ceph's gateway.</summary>
public sealed class TheS3Backend : BackendContract
{
    private readonly string bucket = SharedServers.NewName();
    private RadosGateway gateway = null!;

    private protected override async Task<IBackend> OpenAsync()
    {
        gateway = await SharedServers.RadosGatewayAsync();
        return OpenAgain();
    }

    private protected override IBackend OpenAgain() =>
        gateway.Location(bucket, "some/prefix").OpenBare(new() { Environment = gateway.Owner.Variable }, TimeProvider.System);

    private protected override Restic ResticThere(string version, string password) =>
        new(version, gateway.Location(bucket, "some/prefix").ToString(), password, gateway.Owner.Variables);
}
