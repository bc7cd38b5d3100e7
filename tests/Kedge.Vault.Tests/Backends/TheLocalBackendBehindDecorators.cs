using Kedge.Vault.Backends;
using Kedge.Vault.Tests.Servers;

namespace Kedge.Vault.Tests.Backends;

/// <summary>The same behind all decorators, with limits that let everything through.</summary>
public sealed class TheLocalBackendBehindDecorators : BackendContract
{
    private readonly TestFolder folder = new();

    private protected override Task<IBackend> OpenAsync() => Task.FromResult(OpenAgain());

    private protected override IBackend OpenAgain() =>
        VaultLocation.Parse($"local:{folder.Path}").Open(new() { UploadLimit = int.MaxValue, DownloadLimit = int.MaxValue }, TimeProvider.System);

    private protected override Restic ResticThere(string version, string password) => new(version, folder.Path, password);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        folder.Dispose();
    }
}
