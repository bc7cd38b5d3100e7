using Kedge.Vault.Backends;
using Kedge.Vault.Tests.Servers;

namespace Kedge.Vault.Tests.Backends;

/// <summary>On restic's rest-server.</summary>
public sealed class TheRestBackend : BackendContract
{
    private readonly string repository = SharedServers.NewName();
    private RestServer server = null!;

    private protected override async Task<IBackend> OpenAsync()
    {
        server = await SharedServers.RestServerAsync();
        return OpenAgain();
    }

    private protected override IBackend OpenAgain() => server.Location(repository).OpenBare(new(), TimeProvider.System);

    private protected override Restic ResticThere(string version, string password) => new(version, server.Location(repository).ToString(), password);
}
