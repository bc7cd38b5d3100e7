using Kedge.Vault.Repair;
using Kedge.Vault.Locking;
using Kedge.Vault.Tests.Snapshots;
using Xunit;

namespace Kedge.Vault.Tests.Faults;

/// <summary>
/// The storage gives out wrong bytes, wrong lengths and wrong lists. Nothing wrong is restored, and what was done meanwhile
/// takes nothing away that an honest storage would not get back.
/// </summary>
public sealed class WhenTheStorageLies(ITestOutputHelper output)
{
    private const int Rounds = 6;

    private static readonly double[] Chances = [0.02, 0.1, 0.25];

    private static CancellationToken Ends => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0.01)]
    [InlineData(0.05)]
    [InlineData(0.3)]
    public async Task Nothing_wrong_is_restored(double chance)
    {
        using var scene = await FaultScene.MakeAsync(7);
        var folder = await scene.CopyAsync();
        var right = await Honesty.ContentsAsync(folder);
        var (whole, lies) = (0, 0);
        for (var seed = 0; seed < Rounds; seed++)
        {
            await OnLyingAsync(folder, chance, seed, async (vault, what) => whole += await Honesty.DemandAsync(vault, right, what), l => lies += l);
        }

        output.WriteLine($"{whole} of {Rounds * right.Count} restored whole, {lies} lies");
        Assert.True(lies > 0);
    }

    /// <summary>Not an instant prune: what a list of snapshots lacks it removes at once, as restic does.</summary>
    [Theory]
    [InlineData("backup")]
    [InlineData("copy")]
    [InlineData("prune")]
    [InlineData("repair")]
    public async Task Nothing_is_lost(string verb)
    {
        using var scene = await FaultScene.MakeAsync(8);
        var folder = await scene.CopyAsync();
        var acknowledged = (await FaultScene.SnapshotsAsync(folder)).ToHashSet();
        var (done, lies) = (0, 0);
        for (var seed = 0; seed < Rounds; seed++)
        {
            var what = $"{verb}, seed {seed}";
            await OnLyingAsync(
                folder,
                Chances[seed % Chances.Length],
                seed,
                async (vault, _) =>
                {
                    await scene.DoAsync(verb, vault, acknowledged);
                    done++;
                },
                l => lies += l);
            await MendAsync(scene, verb, folder, acknowledged);
            await scene.DemandSoundAsync(folder, acknowledged, what);
            FaultScene.Change(scene.Source, new(seed));
        }

        await FaultScene.DemandResticIsContentAsync(folder, readData: true, verb);
        output.WriteLine($"{verb}: {done} of {Rounds} succeeded, {lies} lies");
    }

    private static async Task OnLyingAsync(string folder, double chance, int seed, Func<VaultRepository, string, Task> work, Action<int> count)
    {
        var storage = new FakeLyingBackend(FaultScene.Storage(folder), chance, seed);
        try
        {
            await using var vault = await VaultRepository.OpenAsync(storage, FolderVault.Password.AsMemory(), TimeProvider.System, Ends);
            await work(vault, $"chance {chance}, seed {seed}");
        }
        catch (VaultException)
        {
            // Refused, which is right; the storage is not to be believed.
        }

        count(storage.Lies);
    }

    /// <summary>
    /// What a person would do, on an honest storage: remove locks that could not be released, prune again, which brings back
    /// what was marked for no good reason, and make the index anew where that is refused.
    /// </summary>
    private static async Task MendAsync(FaultScene scene, string verb, string folder, HashSet<string> acknowledged)
    {
        await using var vault = await FaultScene.OpenAsync(folder);
        await LockSurvey.RemoveAsync(vault, FaultScene.Self, all: true, Ends);
        try
        {
            await scene.DoAsync("prune", folder, acknowledged);
            return;
        }
        catch (VaultException refusal) when (refusal.Fault == VaultFault.Damaged && verb is "prune" or "repair")
        {
            // Packs that a list had lacked went out of the index.
        }

        await using var taken = await VaultLock.AcquireAsync(vault, FaultScene.Self, exclusive: true, TimeSpan.Zero, Ends);
        await IndexRepair.RunAsync(vault, new() { ReadAllPacks = true }, taken, Ends);
    }
}
