using Kedge.Vault.Copy;
using Kedge.Vault.Format;
using Kedge.Vault.Tests.Servers;
using Kedge.Vault.Tests.Snapshots;
using Kedge.Vault.Tests.Upkeep;
using Xunit;

namespace Kedge.Vault.Tests.Copy;

/// <summary>A copy needs the right to create objects, and no other.</summary>
public sealed class ToAnAppendOnlyServer
{
    [Fact]
    public async Task Needs_no_right_to_remove_at_the_target()
    {
        await using var source = await TendedVault.MakeAsync();
        source.Write("a", 1, 300_000);
        await source.BackUpAsync();
        await using var server = await RestServer.StartAsync("--append-only");
        await using var target = await VaultRepository.InitAsync(
            server.Location("vault").Open(new() { RetryFor = TimeSpan.Zero }, TimeProvider.System), New(null), TimeProvider.System, CancellationToken.None);
        Assert.Single((await CopyAsync(source, target)).Copied);
    }

    private static Task<CopyOutcome> CopyAsync(TendedVault source, VaultRepository target) =>
        VaultCopy.RunAsync(source.Vault, target, new(), null, CancellationToken.None);

    private static NewVault New(VaultRepository? sameKeyAs) => new()
    {
        Password = FolderVault.Password.AsMemory(),
        Owner = new(GoTime.None, "ann", "harbour"),
        Cost = new(1024, 8, 1),
        SameKeyAs = sameKeyAs,
    };
}
