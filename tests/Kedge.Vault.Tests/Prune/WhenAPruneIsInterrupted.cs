using Kedge.Vault.Backends;
using Kedge.Vault.Prune;
using Kedge.Vault.Snapshots;
using Kedge.Vault.Tests.Snapshots;
using Kedge.Vault.Tests.Upkeep;
using Xunit;

namespace Kedge.Vault.Tests.Prune;

/// <summary>Wherever a prune stops, nothing is lost, and the next one goes on.</summary>
public sealed class WhenAPruneIsInterrupted
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nothing_is_lost_and_the_next_one_goes_on(bool instant)
    {
        var (stops, isWhole) = (0, false);
        for (var changes = 0; !isWhole; changes++)
        {
            await using var ground = await UpkeepGround.MakeAsync();
            var kept = await ForgottenAsync(ground);
            isWhole = true;
            for (var run = 0; run < 3; run++)
            {
                var storage = new StorageThatStops(VaultLocation.Parse(ground.Folder.Path).Open(new() { RetryFor = TimeSpan.Zero }, ground.Clock), changes);
                await using var stopping = await VaultRepository.OpenAsync(storage, FolderVault.Password.AsMemory(), ground.Clock, CancellationToken.None);
                try
                {
                    await ground.PruneAsync(stopping, Wanted(instant));
                }
                catch (VaultException) when (storage.HasStopped)
                {
                    (stops, isWhole) = (stops + 1, false);
                }

                await ground.DemandChecksAsync();
                ground.Clock.Forward(TimeSpan.FromHours(24));
            }

            for (var run = 0; run < 4; run++)
            {
                await ground.PruneAsync(Wanted(instant));
                ground.Clock.Forward(TimeSpan.FromHours(24));
            }

            var outcome = await ground.DemandChecksAsync();
            Assert.Equal((0, 0, 0), (outcome.Totals.UnusedBlobs, outcome.Totals.RepeatedBlobs, outcome.Untidy));
            await ground.DemandRestoresAsync(kept, ground.FilesOf(kept));
        }

        Assert.True(stops > 2);
    }

    private static PruneWanted Wanted(bool instant) => new() { Instant = instant, MaxUnused = UnusedLimit.Parse("0") };

    /// <summary>The pack of the first has one file that is needed and one that is not, so that it is repacked.</summary>
    private static async Task<StoredSnapshot> ForgottenAsync(UpkeepGround ground)
    {
        ground.Write("a", 200_000);
        ground.Write("b", 200_000);
        var first = await ground.BackUpAsync();
        ground.Write("b", 200_000);
        var second = await ground.BackUpAsync();
        await ground.ForgetAsync(first);
        return second;
    }
}
