using Kedge.Vault.Backends;
using Kedge.Vault.Tests.Servers;

namespace Kedge.Vault.Tests.Backends;

public sealed class TheLocalBackend : BackendContract
{
    private readonly TestFolder folder = new();

    private string Place => Path.Join(folder.Path, "some", "vault");

    private protected override Task<IBackend> OpenAsync() => Task.FromResult(OpenAgain());

    private protected override IBackend OpenAgain() => VaultLocation.Parse(Place).OpenBare(new(), TimeProvider.System);

    private protected override Restic ResticThere(string version, string password) => new(version, Place, password);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        folder.Dispose();
    }
}
