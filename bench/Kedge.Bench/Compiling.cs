using System.Diagnostics;
using Kedge.Journal.Events;
using Kedge.Nodes;
using Kedge.Plan;
using Kedge.Plan.Model;
using Kedge.Recover.Compile;

namespace Kedge.Bench;

/// <summary>Reads and compiles plans of growing size: the loss of the site at which everything is active.</summary>
internal static class Compiling
{
    public static Table Measure(int runs)
    {
        var table = new Table("components", "services", "plan text", "read and validate, ms", "compile, ms", "allocated by compiling, MiB", "steps", "µs a component");
        foreach (var components in (int[])[1_000, 2_000, 5_000, 10_000])
        {
            var text = BigPlan.Text(components / BigPlan.ComponentsEach);
            var reader = new PlanReader(ControlPlane.Contracts);
            var compiler = new PlanCompiler(ControlPlane.Contracts);
            var (reading, readTimes, _) = Time(runs, () => reader.Read([new("kedge.yaml", text)]));
            var plan = reading.Plan ?? throw new InvalidOperationException(string.Join('\n', reading.Problems.Where(p => p.Severity is ProblemSeverity.Error).Take(5)));
            var moves = plan.Services.Select(s => new Move(s.Name, new("east"), new("west"))).ToList();
            var (recovery, times, allocated) = Time(
                runs, () => compiler.Compile(plan, new(RunKind.Failover, Scenario.SiteLoss, moves), ObservedState.Nothing));
            var median = times.Median();
            table.Add(
                Figures.Count(plan.Services.Sum(s => s.Components.Count)), Figures.Count(plan.Services.Count), $"{text.Length / 1024.0 / 1024:0.0} MiB",
                Figures.Milliseconds(readTimes.Median()), Figures.Milliseconds(median), $"{allocated / 1024.0 / 1024:0}",
                Figures.Count(recovery.Steps.Count), $"{median.TotalMicroseconds / components:0.0}");
        }

        return table;
    }

    private static (T Result, List<TimeSpan> Times, long Allocated) Time<T>(int runs, Func<T> work)
    {
        var times = new List<TimeSpan>();
        var allocated = 0L;
        T result;
        do
        {
            GC.Collect();
            var before = GC.GetAllocatedBytesForCurrentThread();
            var began = Stopwatch.GetTimestamp();
            result = work();
            times.Add(Stopwatch.GetElapsedTime(began));
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }
        while (times.Count < runs);
        return (result, times, allocated);
    }
}
