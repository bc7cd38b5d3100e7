using Xunit;

namespace Kedge.Vault.Tests.Faults;

/// <summary>
/// A process that backs up, copies, forgets, prunes or repairs is killed (SIGKILL): before, within or after each of its
/// changes to the vault in turn, or at any moment. Nothing acknowledged may be lost, the vault must check, stock restic's
/// check included, and the same command must succeed when it is run again.
/// </summary>
public sealed class WhenAProcessIsKilled(ITestOutputHelper output)
{
    private static readonly int Seed = FaultScene.SeedOr(20_261);

    /// <summary>Each nth kill of the sample at a change; a prime, so that verbs and moments come in all pairs.</summary>
    private const int Every = 17;

    private const int LongAtAnyMoment = 60;

    private static readonly string[] Verbs = ["backup", "copy", "forget", "prune", "instant prune", "repair"];

    private static CancellationToken Ends => TestContext.Current.CancellationToken;

    [Fact]
    public Task At_a_sample_of_changes_and_moments_nothing_is_lost() => TryAsync((_, number) => number % Every == 3, atAnyMoment: 4);

    /// <summary>More than two hundred kills.</summary>
    [Fact]
    [Trait("size", "long")]
    public Task At_every_change_and_many_moments_nothing_is_lost() => TryAsync((_, _) => true, LongAtAnyMoment);

    private async Task TryAsync(Func<string, int, bool> isWanted, int atAnyMoment)
    {
        output.WriteLine($"seed {Seed}");
        using var scene = await FaultScene.MakeAsync(Seed);
        var random = new Random(Seed);
        var (number, kills) = (0, 0);
        var longest = new Dictionary<string, TimeSpan>();
        foreach (var verb in Verbs)
        {
            var began = TimeProvider.System.GetTimestamp();
            var changes = await CountAsync(scene, verb);
            longest[verb] = TimeProvider.System.GetElapsedTime(began);
            foreach (var moment in new[] { "before", "within", "after" })
            {
                for (var change = 1; change <= changes; change++)
                {
                    if (isWanted(verb, number++))
                    {
                        await KillAsync(scene, verb, $"{moment}:{change}", null, readData: kills++ % 10 == 0);
                    }
                }
            }
        }

        for (var i = 0; i < atAnyMoment; i++)
        {
            var verb = Verbs[i % Verbs.Length];
            await KillAsync(scene, verb, "none", longest[verb] * random.NextDouble(), readData: kills++ % 10 == 0);
        }

        output.WriteLine($"{number} changes, {kills} kills");
    }

    private static async Task<int> CountAsync(FaultScene scene, string verb)
    {
        var folder = await scene.CopyAsync();
        using var host = HostRun.Start(scene.Arguments(verb, folder, "none"));
        var changes = (await host.EndAsync(Ends)).Changes();
        Directory.Delete(folder, recursive: true);
        return changes;
    }

    private static async Task KillAsync(FaultScene scene, string verb, string stop, TimeSpan? after, bool readData)
    {
        var what = $"{verb} killed {(after is { } time ? $"after {time.TotalMilliseconds:0} ms" : stop)} (seed {Seed})";
        var folder = await scene.CopyAsync();
        var acknowledged = (await FaultScene.SnapshotsAsync(folder)).ToHashSet();
        using (var host = HostRun.Start(scene.Arguments(verb, folder, stop)))
        {
            if (after is { } wait)
            {
                await Task.Delay(wait, Ends);
                host.Kill();
            }

            var end = await host.EndAsync(Ends);
            Assert.True(after is not null || end.ExitCode == HostEnd.Killed, $"{what}: exit code {end.ExitCode} {end.Errors}");
            acknowledged.UnionWith(end.After("saved"));
            acknowledged.ExceptWith(end.After("forgetting"));
        }

        await scene.DemandSoundAsync(folder, acknowledged, what);
        await FaultScene.UnlockAsync(folder);
        await FaultScene.DemandResticIsContentAsync(folder, readData, what);
        using (var again = HostRun.Start(scene.Arguments(verb, folder, "none")))
        {
            var end = await again.EndAsync(Ends);
            Assert.True(end.ExitCode == 0, $"{what}, then again: exit code {end.ExitCode} {end.Errors}");
            acknowledged.UnionWith(end.After("saved"));
            acknowledged.ExceptWith(end.After("forgetting"));
        }

        await scene.DemandSoundAsync(folder, acknowledged, $"{what}, then again");
        Directory.Delete(folder, recursive: true);
    }
}
