using Kedge.Vault.Backends;
using Kedge.Vault.Format;
using Kedge.Vault.Prune;
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
            await using var vault = await TendedVault.MakeAsync();
            var kept = await ForgottenAsync(vault);
            isWhole = true;
            for (var run = 0; run < 3; run++)
            {
                var storage = new StorageThatStops(VaultLocation.Parse(vault.Path).Open(new() { RetryFor = TimeSpan.Zero }, vault.Clock), changes);
                await using var stopping = await VaultRepository.OpenAsync(storage, FolderVault.Password.AsMemory(), vault.Clock, CancellationToken.None);
                try
                {
                    await TendedVault.PruneAsync(stopping, Wanted(instant));
                }
                catch (VaultException) when (storage.HasStopped)
                {
                    (stops, isWhole) = (stops + 1, false);
                }

                await vault.DemandSoundAsync();
                vault.Clock.Forward(TimeSpan.FromHours(24));
            }

            for (var run = 0; run < 4; run++)
            {
                await TendedVault.PruneAsync(vault.Vault, Wanted(instant));
                vault.Clock.Forward(TimeSpan.FromHours(24));
            }

            await vault.DemandSoundAsync();
            var outcome = await vault.CheckAsync();
            Assert.Equal((0, 0, 0), (outcome.Totals.UnusedBlobs, outcome.Totals.RepeatedBlobs, outcome.Untidy));
            await vault.DemandRestoresAsync(kept, "own");
        }

        Assert.True(stops > 2);
    }

    private static PruneWanted Wanted(bool instant) => new() { Instant = instant, MaxUnused = UnusedLimit.Parse("0") };

    /// <summary>The pack of the first has one file that is needed and one that is not, so that it is repacked.</summary>
    private static async Task<ObjectId> ForgottenAsync(TendedVault vault)
    {
        vault.Write("a", 1, 200_000);
        vault.Write("b", 2, 200_000);
        var first = await vault.BackUpAsync();
        vault.Write("b", 3, 200_000);
        var second = await vault.BackUpAsync();
        await vault.ForgetAsync(first);
        return second;
    }
}
