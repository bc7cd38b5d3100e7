using Kedge.Vault.Tests.Servers;
using Kedge.Vault.Tests.Snapshots;
using Xunit;

namespace Kedge.Vault.Tests.Faults;

/// <summary>
/// Between us and a REST server stands a network that refuses, cuts uploads and answers, loses answers, falls silent and
/// sends other ranges than were asked for. Work succeeds in spite of it, or says why not; nothing acknowledged is lost.
/// </summary>
public sealed class WhenAServerMisbehaves(ITestOutputHelper output)
{
    private static readonly int Seed = FaultScene.SeedOr(2_718);
    private const int Faults = 30;

    private static readonly FaultKind[] Kinds =
    [
        FaultKind.Refuse, FaultKind.CutRequest, FaultKind.CutAnswer, FaultKind.LoseAnswer, FaultKind.Silence,
        FaultKind.ShortenAnswer, FaultKind.DropRange, FaultKind.ShiftRange, FaultKind.Garbage,
    ];

    private static readonly string[] Methods = ["GET", "GET", "POST", "POST", "HEAD", "DELETE"];

    private static CancellationToken Ends => TestContext.Current.CancellationToken;

    /// <param name="patience">For how many seconds an operation is tried again; 0 for never.</param>
    [Theory]
    [InlineData("backup", 600)]
    [InlineData("copy", 600)]
    [InlineData("prune", 600)]
    [InlineData("instant prune", 600)]
    [InlineData("repair", 600)]
    [InlineData("backup", 0)]
    [InlineData("copy", 0)]
    [InlineData("prune", 0)]
    [InlineData("instant prune", 0)]
    public async Task Nothing_is_lost(string verb, int patience)
    {
        var random = new Random(Seed + verb.Length);
        var server = await SharedServers.RestServerAsync();
        var name = SharedServers.NewName();
        using var scene = await FaultScene.MakeAsync(Seed);
        var folder = Path.Join(server.Folder, name);
        Directory.Move(await scene.CopyAsync(), folder);
        var acknowledged = (await FaultScene.SnapshotsAsync(folder)).ToHashSet();
        await using var network = new FaultyForwarder(server.Address);
        var (succeeded, failed) = (0, 0);
        for (var round = 0; round < (patience == 0 ? 5 : 2); round++)
        {
            var what = $"{verb}, round {round} (seed {Seed})";
            try
            {
                await using var vault = await OpenAsync(network, name, patience);
                Plan(network, random, patience == 0 ? 1 : Faults);
                await scene.DoAsync(verb, vault, acknowledged);
                succeeded++;
            }
            catch (VaultException failure)
            {
                Assert.True(failure.Fault is VaultFault.Unavailable or VaultFault.Damaged or VaultFault.AlreadyExists or VaultFault.NotFound, $"{what}: {failure}");
                output.WriteLine($"{what}: {failure.Message}");
                failed++;
            }

            await scene.DemandSoundAsync(folder, acknowledged, what);
            await UnlockAsync(folder);
            FaultScene.Change(scene.Source, random);
        }

        Assert.True(patience == 0 || succeeded > 0, "nothing ever succeeded");
        await FaultScene.DemandResticIsContentAsync(folder, readData: true, verb);
        output.WriteLine($"{verb}: {succeeded} succeeded, {failed} failed, {network.Left} faults left over");
    }

    [Theory]
    [InlineData(600)]
    [InlineData(0)]
    public async Task Nothing_wrong_is_restored(int patience)
    {
        var random = new Random(Seed);
        var server = await SharedServers.RestServerAsync();
        var name = SharedServers.NewName();
        using var scene = await FaultScene.MakeAsync(Seed);
        var folder = Path.Join(server.Folder, name);
        Directory.Move(await scene.CopyAsync(), folder);
        var right = await Honesty.ContentsAsync(folder);
        await using var network = new FaultyForwarder(server.Address);
        var whole = 0;
        for (var round = 0; round < 3; round++)
        {
            try
            {
                Plan(network, random, patience == 0 ? Faults / 10 : Faults);
                await using var vault = await OpenAsync(network, name, patience);
                whole += await Honesty.DemandAsync(vault, right, $"round {round} (seed {Seed})");
            }
            catch (VaultException failure)
            {
                Assert.True(failure.Fault is VaultFault.Unavailable or VaultFault.Damaged or VaultFault.NotFound, $"{failure}");
            }
        }

        Assert.True(patience == 0 || whole == 3 * right.Count, $"{whole} restored whole of {3 * right.Count}");
    }

    private static void Plan(FaultyForwarder network, Random random, int faults)
    {
        for (var i = 0; i < faults; i++)
        {
            var method = Methods[random.Next(Methods.Length)];
            network.Next(method, new(FaultKind.Pass), random.Next(faults == 1 ? 6 : 3));
            var kind = Kinds[random.Next(Kinds.Length)];
            network.Next(method, new(kind, kind == FaultKind.Refuse ? random.Next(2) == 0 ? 503 : 500 : random.Next(1, 2000)));
        }
    }

    private static Task<VaultRepository> OpenAsync(FaultyForwarder network, string name, int patience)
    {
        var options = new Vault.Backends.BackendOptions { RetryFor = TimeSpan.FromSeconds(patience), StallLimit = TimeSpan.FromSeconds(10) };
        var storage = Vault.Backends.VaultLocation.Parse($"rest:{network.Address}{name}/").Open(options, new HurriedClock());
        return VaultRepository.OpenAsync(storage, FolderVault.Password.AsMemory(), TimeProvider.System, Ends);
    }

    private static async Task UnlockAsync(string folder)
    {
        await using var vault = await FaultScene.OpenAsync(folder);
        await Locking.LockSurvey.RemoveAsync(vault, FaultScene.Self, all: true, Ends);
    }
}
