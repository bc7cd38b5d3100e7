using System.Collections.Concurrent;
using Kedge.Acceptance.Recovery.Crashes;
using Kedge.Nodes;
using Xunit;

namespace Kedge.Acceptance.Recovery;

/// <summary>
/// The demo's world loses a site, and the node that leads is killed, or falls asleep and wakes too late, at one place on
/// its way: after each journaled event in turn, and before, within and after each act. Whoever goes on must bring the
/// service up at the recovery site, with one writable database and a journal that verifies. KEDGE_CRASH=TEXT tries the
/// cases whose name contains the text.
/// </summary>
public class WhenKedgeDiesOnTheWay(ITestOutputHelper output)
{
    /// <summary>The sample: every 37th case from the fifth on.</summary>
    private const int First = 4;
    private const int Every = 37;

    /// <summary>Cases that are tried at the same time, each in a world of its own; most of a case is waiting.</summary>
    private const int Lanes = 2;

    [Fact]
    public Task At_a_sample_of_places_of_a_failover_another_goes_on() => TryAsync(Journey.Failover, all => all.Skip(First).Where((_, i) => i % Every == 0));

    [Fact]
    [Trait("size", "long")]
    public Task At_every_place_of_a_failover_another_goes_on() => TryAsync(Journey.Failover, all => all);

    /// <summary>At each place one fate, in turn.</summary>
    [Fact]
    [Trait("size", "long")]
    public Task At_every_place_of_a_planned_move_another_goes_on() =>
        TryAsync(Journey.Switchover, all => all.GroupBy(c => c.Place).Select((fates, i) => fates.ElementAt(i % fates.Count())));

    private async Task TryAsync(Journey journey, Func<List<(string Place, Fate Fate)>, IEnumerable<(string Place, Fate Fate)>> choose)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var began = TimeProvider.System.GetTimestamp();
        await using var worlds = await PreparedWorlds.MakeAsync(Lanes, cancellation);
        var places = await InLane(lane => lane.FindPlacesAsync(cancellation), worlds.All[0], journey);
        var resumable = CrashLane.Resumable(places).ToHashSet();
        var all = (from place in places
                   from fate in Enum.GetValues<Fate>()
                   where fate is not Fate.KilledAndResumed || resumable.Contains(place)
                   select (place, fate)).ToList();
        var asked = Environment.GetEnvironmentVariable("KEDGE_CRASH");
        var cases = new ConcurrentQueue<(string Place, Fate Fate)>(
            asked is null ? choose(all) : all.Where(c => NameOf(c).Contains(asked, StringComparison.OrdinalIgnoreCase)));
        Say($"{places.Count} places, {all.Count} cases, of which these {cases.Count} are tried (after {Seconds(began)})");
        var failures = new ConcurrentBag<string>();
        await Task.WhenAll(worlds.All.Select(world => InLane(lane => TryAllAsync(lane, cases, failures, cancellation), world, journey)));
        Say($"{Seconds(began)} in all");
        Assert.True(failures.IsEmpty, string.Join('\n', failures));
    }

    private async Task<object?> TryAllAsync(
        CrashLane lane, ConcurrentQueue<(string Place, Fate Fate)> cases, ConcurrentBag<string> failures, CancellationToken cancellation)
    {
        while (cases.TryDequeue(out var next))
        {
            var start = TimeProvider.System.GetTimestamp();
            var wrong = await OutcomeAsync(lane, next.Place, next.Fate, cancellation);
            var name = NameOf(next);
            Say($"{(wrong.Count == 0 ? "good" : "WRONG")}  {name}  ({Seconds(start)})");
            if (wrong.Count > 0)
            {
                failures.Add($"{name}:\n  {string.Join("\n  ", wrong)}");
                Say(string.Join("\n  ", wrong));
            }
        }

        return null;
    }

    private static async Task<List<string>> OutcomeAsync(CrashLane lane, string place, Fate fate, CancellationToken cancellation)
    {
        try
        {
            return await lane.TryAsync(place, fate, cancellation);
        }
        catch (Exception failure) when (!cancellation.IsCancellationRequested)
        {
            return [failure.ToString()];
        }
    }

    /// <summary>On a thread of its own, as nodes have one.</summary>
    private static Task<T> InLane<T>(Func<CrashLane, Task<T>> work, PreparedWorld world, Journey journey) =>
        Task.Run(() => NodeContext.Run(() => work(new(world, journey))));

    private static string NameOf((string Place, Fate Fate) one) => $"{one.Fate} {one.Place}";

    private static string Seconds(long since) => $"{TimeProvider.System.GetElapsedTime(since).TotalSeconds:0.0} s";

    private void Say(string text) => output.WriteLine($"{TimeProvider.System.GetUtcNow():HH:mm:ss.fff} {text}");
}
