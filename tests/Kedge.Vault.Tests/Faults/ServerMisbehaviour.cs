using Kedge.Vault.Backends;
using Kedge.Vault.Format;
using Kedge.Vault.Locking;
using Kedge.Vault.Tests.Servers;
using Kedge.Vault.Tests.Snapshots;
using Xunit;

namespace Kedge.Vault.Tests.Faults;

/// <summary>
/// Between us and a server stands a network that refuses, cuts uploads and answers, loses answers, falls silent and sends
/// other ranges than were asked for. Work succeeds in spite of it, or says why not; nothing acknowledged is lost.
/// </summary>
public abstract class ServerMisbehaviour(ITestOutputHelper output)
{
    private const int Faults = 30;
    private static readonly int Seed = FaultScene.SeedOr(2_718);

    private readonly string name = SharedServers.NewName();

    private protected abstract string SaveMethod { get; }

    private protected virtual FaultKind[] Kinds { get; } =
    [
        FaultKind.Refuse, FaultKind.CutRequest, FaultKind.CutAnswer, FaultKind.LoseAnswer, FaultKind.Silence,
        FaultKind.ShortenAnswer, FaultKind.DropRange, FaultKind.ShiftRange, FaultKind.Garbage,
    ];

    private protected abstract Task<Uri> StartAsync();

    /// <summary>Where a vault is, for us and for restic.</summary>
    private protected abstract string LocationOf(Uri server, string name);

    /// <summary>Credentials.</summary>
    private protected abstract IReadOnlyDictionary<string, string?> Variables { get; }

    private static CancellationToken Ends => TestContext.Current.CancellationToken;

    /// <param name="patience">For how many seconds an operation is tried again; 0 for never.</param>
    [Theory]
    [InlineData("backup", 600)]
    [InlineData("copy", 600)]
    [InlineData("prune", 600)]
    [InlineData("instant prune", 600)]
    [InlineData("repair", 600)]
    [InlineData("backup", 0)]
    [InlineData("prune", 0)]
    public async Task Nothing_is_lost(string verb, int patience)
    {
        var random = new Random(Seed + verb.Length);
        var server = await StartAsync();
        using var scene = await FaultScene.MakeAsync(Seed);
        await FillAsync(scene, server);
        await using var honest = await OpenAsync(server, patience: 60);
        var acknowledged = (await honest.ListAsync(ObjectKind.Snapshot, Ends)).Select(o => $"{o.Name.Id}").ToHashSet();
        await using var network = new FaultyForwarder(server);
        var (succeeded, failed) = (0, 0);
        for (var round = 0; round < (patience == 0 ? 4 : 2); round++)
        {
            var what = $"{verb}, round {round} (seed {Seed})";
            try
            {
                await using var vault = await OpenAsync(network.Address, patience);
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

            await LockSurvey.RemoveAsync(honest, FaultScene.Self, all: true, Ends);
            await scene.DemandSoundAsync(honest, acknowledged, what);
            FaultScene.Change(scene.Source, random);
        }

        Assert.True(patience == 0 || succeeded > 0, "nothing ever succeeded");
        using var restic = new Restic("0.18", LocationOf(server, name), FolderVault.Password, Variables);
        await FaultScene.DemandResticIsContentAsync(restic, readData: true, verb);
        output.WriteLine($"{verb}: {succeeded} succeeded, {failed} failed, {network.Left} faults left over");
    }

    [Theory]
    [InlineData(600)]
    [InlineData(0)]
    public async Task Nothing_wrong_is_restored(int patience)
    {
        var random = new Random(Seed);
        var server = await StartAsync();
        using var scene = await FaultScene.MakeAsync(Seed);
        var right = await Honesty.ContentsAsync(await scene.CopyAsync());
        await FillAsync(scene, server);
        await using var network = new FaultyForwarder(server);
        var whole = 0;
        for (var round = 0; round < 3; round++)
        {
            try
            {
                Plan(network, random, patience == 0 ? Faults / 10 : Faults);
                await using var vault = await OpenAsync(network.Address, patience);
                whole += await Honesty.DemandAsync(vault, right, $"round {round} (seed {Seed})");
            }
            catch (VaultException failure)
            {
                Assert.True(failure.Fault is VaultFault.Unavailable or VaultFault.Damaged or VaultFault.NotFound, $"{failure}");
            }
        }

        Assert.True(patience == 0 || whole == 3 * right.Count, $"{whole} restored whole of {3 * right.Count}");
    }

    private void Plan(FaultyForwarder network, Random random, int faults)
    {
        string[] methods = ["GET", "GET", SaveMethod, SaveMethod, "HEAD", "DELETE"];
        for (var i = 0; i < faults; i++)
        {
            var method = methods[random.Next(methods.Length)];
            network.Next(method, new(FaultKind.Pass), random.Next(faults == 1 ? 6 : 3));
            var kind = Kinds[random.Next(Kinds.Length)];
            network.Next(method, new(kind, kind == FaultKind.Refuse ? random.Next(2) == 0 ? 503 : 500 : random.Next(1, 2000)));
        }
    }

    /// <summary>Puts a copy of the scene's vault on the server.</summary>
    private async Task FillAsync(FaultScene scene, Uri server)
    {
        await using var from = FaultScene.Storage(await scene.CopyAsync());
        await using var to = Open(server, patience: 60);
        await to.PrepareAsync(Ends);
        foreach (var kind in Enum.GetValues<ObjectKind>())
        {
            await foreach (var one in from.ListAsync(kind, Ends))
            {
                var content = new byte[one.Length];
                await from.ReadAsync(one.Name, 0, content, Ends);
                await to.SaveAsync(one.Name, content, Ends);
            }
        }
    }

    private IBackend Open(Uri server, int patience)
    {
        var options = new BackendOptions { RetryFor = TimeSpan.FromSeconds(patience), StallLimit = TimeSpan.FromSeconds(12), Environment = v => Variables.GetValueOrDefault(v) };
        return VaultLocation.Parse(LocationOf(server, name)).Open(options, new HurriedClock());
    }

    private Task<VaultRepository> OpenAsync(Uri server, int patience) =>
        VaultRepository.OpenAsync(Open(server, patience), FolderVault.Password.AsMemory(), TimeProvider.System, Ends);
}
