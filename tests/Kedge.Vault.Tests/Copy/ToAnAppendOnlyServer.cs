using Kedge.Vault.Copy;
using Kedge.Vault.Tests.Servers;
using Kedge.Vault.Tests.Upkeep;
using Xunit;

namespace Kedge.Vault.Tests.Copy;

/// <summary>A copy needs the right to create objects, and no other.</summary>
public sealed class ToAnAppendOnlyServer
{
    [Fact]
    public async Task Needs_no_right_to_remove_at_the_target()
    {
        await using var ground = await UpkeepGround.MakeAsync();
        ground.Write("a", 300_000);
        await ground.BackUpAsync();
        await using var server = await RestServer.StartAsync("--append-only");
        await using var target = await server.InitAsync(TimeProvider.System);
        Assert.Single((await VaultCopy.RunAsync(ground.Vault, target, new(), null, CancellationToken.None)).Copied);
    }
}
