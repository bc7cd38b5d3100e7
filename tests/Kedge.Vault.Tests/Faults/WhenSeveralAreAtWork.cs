using Kedge.Vault.Tests.Servers;
using Xunit;

namespace Kedge.Vault.Tests.Faults;

/// <summary>
/// Several processes back up into one vault, copy into it, forget and prune (without any grace), all at once, and some of
/// them are killed (SIGKILL) on the way. What is acknowledged stays, and whoever is not killed succeeds.
/// </summary>
public sealed class WhenSeveralAreAtWork(ITestOutputHelper output)
{
    private static readonly int Seed = FaultScene.SeedOr(314);

    private static CancellationToken Ends => TestContext.Current.CancellationToken;

    [Fact]
    public Task A_few_rounds_lose_nothing() => TryAsync(rounds: 4);

    [Fact]
    [Trait("size", "long")]
    public Task Many_rounds_lose_nothing() => TryAsync(rounds: 50);

    private async Task TryAsync(int rounds)
    {
        var random = new Random(Seed);
        using var scene = await FaultScene.MakeAsync(Seed);
        using var more = new TestFolder();
        var folder = await scene.CopyAsync();
        var acknowledged = (await FaultScene.SnapshotsAsync(folder)).ToHashSet();
        var kills = 0;
        for (var round = 0; round < rounds; round++)
        {
            FaultScene.Change(scene.Source, random);
            FaultScene.Change(more.Path, random);
            string[][] all =
            [
                ["backup", folder, "none", scene.Source],
                ["backup", folder, "none", more.Path],
                ["copy", folder, "none", scene.Other],
                ["forget", folder, "none", "4"],
                ["prune", folder, "none", "marks"],
            ];
            var runs = all.Select(arguments => (Verb: arguments[0], Host: HostRun.Start(arguments), Kill: random.Next(3) == 0 ? random.Next(100, 1500) : 0)).ToList();
            var ends = await Task.WhenAll(runs.Select(r => FinishAsync(r.Host, r.Kill)));
            for (var run = 0; run < runs.Count; run++)
            {
                var what = $"round {round}, {runs[run].Verb} (seed {Seed})";
                Assert.True(ends[run].ExitCode == 0 || (runs[run].Kill > 0 && ends[run].ExitCode == HostEnd.Killed), $"{what}: exit code {ends[run].ExitCode} {ends[run].Errors}");
                kills += ends[run].ExitCode == HostEnd.Killed ? 1 : 0;
            }

            acknowledged.UnionWith(ends.SelectMany(e => e.After("saved")));
            acknowledged.ExceptWith(ends.SelectMany(e => e.After("forgetting")));
            await scene.DemandSoundAsync(folder, acknowledged, $"round {round} (seed {Seed})");
            await FaultScene.UnlockAsync(folder);
            await FaultScene.DemandResticIsContentAsync(folder, readData: round % 10 == 0, $"round {round} (seed {Seed})");
        }

        output.WriteLine($"{rounds} rounds, {kills} kills, seed {Seed}");
    }

    private static async Task<HostEnd> FinishAsync(HostRun host, int killAfter)
    {
        using (host)
        {
            if (killAfter > 0)
            {
                await Task.Delay(killAfter, Ends);
                host.Kill();
            }

            return await host.EndAsync(Ends);
        }
    }
}
