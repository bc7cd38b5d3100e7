using System.Collections.Concurrent;
using Kedge.Simulation.Kernel;

namespace Kedge.Simulation;

/// <summary>A range of seeds, played on all cores.</summary>
internal sealed class Seeds(int first, int count, Func<Setting, Setting>? harsher = null)
{
    private readonly ConcurrentQueue<Outcome> outcomes = new();

    public IReadOnlyCollection<Outcome> Outcomes => outcomes;

    /// <summary>How many seeds to play: as many as KEDGE_SIM_SEEDS says, else the given number.</summary>
    public static int Asked(int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable("KEDGE_SIM_SEEDS"), out var asked) ? asked : otherwise;

    /// <summary>The one seed to repeat and tell about, as KEDGE_SIM_SEED says; null for none.</summary>
    public static int? Repeated => int.TryParse(Environment.GetEnvironmentVariable("KEDGE_SIM_SEED"), out var seed) ? seed : null;

    /// <summary>What was played, so that a simulation in which nothing happens is noticed.</summary>
    public string Summary()
    {
        var all = outcomes.ToList();
        var mishaps = all.SelectMany(o => o.Mishaps).GroupBy(m => m.Key, m => m.Value).OrderBy(g => g.Key, StringComparer.Ordinal);
        return $"{all.Count} seeds: {all.Sum(o => o.Entries)} entries, {all.Sum(o => o.Acts)} acts, {all.Sum(o => o.Orders)} orders ({all.Sum(o => o.Lost)} lost), "
            + $"{all.Sum(o => o.Elapsed.TotalHours):0} hours, {all.Sum(o => o.Steps)} steps; {string.Join(", ", mishaps.Select(m => $"{m.Key} {m.Sum()}"))}";
    }

    /// <summary>The lowest seed whose violation is one that is wanted; null where no seed has one.</summary>
    public Outcome? FindFirst(Parts parts, Func<Violation, bool> wanted)
    {
        var next = first - 1;
        var found = int.MaxValue;
        var threads = Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new Thread(() =>
        {
            while (true)
            {
                var seed = Interlocked.Increment(ref next);
                if (seed >= first + count || seed > Volatile.Read(ref found))
                {
                    return;
                }

                var outcome = Episode.Run(harsher is null ? Setting.Of(seed) : harsher(Setting.Of(seed)), parts, verbose: false);
                outcomes.Enqueue(outcome with { Trace = [] });
                if (outcome.Violation is { } violation && wanted(violation))
                {
                    Lower(ref found, seed);
                }
            }
        }, maxStackSize: 16 << 20)).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        return outcomes.FirstOrDefault(o => o.Seed == found);
    }

    private static void Lower(ref int found, int seed)
    {
        int known;
        while (seed < (known = Volatile.Read(ref found)) && Interlocked.CompareExchange(ref found, seed, known) != known)
        {
        }
    }
}
