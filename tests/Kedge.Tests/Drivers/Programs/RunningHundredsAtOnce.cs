using System.Collections.Concurrent;
using Kedge.Drivers.Programs;
using Xunit;

namespace Kedge.Tests.Drivers.Programs;

[CollectionDefinition(nameof(RunningHundredsAtOnce), DisableParallelization = true)]
[Collection(nameof(RunningHundredsAtOnce))]
public sealed class RunningHundredsAtOnce
{
    [Fact]
    public async Task Leaves_neither_open_files_nor_zombies()
    {
        var runner = new ProgramRunner(TimeProvider.System);
        await RunAsync("warm-up");
        var files = Open();
        var outputs = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(Enumerable.Range(0, 300), new ParallelOptions { MaxDegreeOfParallelism = 32 },
            async (n, _) => outputs.Add(await RunAsync($"{n}")));
        Assert.Equal(300, outputs.Distinct().Count());
        Assert.Equal(files, Open());
        await Eventually.HoldsAsync(() => !ProcessTable.All().Any(p => p.Parent == Environment.ProcessId && p.Name == "cat"), "all reaped");

        async Task<string> RunAsync(string input) => (await runner.RunAsync(
            new() { Arguments = ["cat"], Input = input, Timeout = TimeSpan.FromMinutes(1) }, TestContext.Current.CancellationToken)).Output;
    }

    // The kinds that running a program opens: pipes, and descriptors of processes.
    private static int Open() => Directory.GetFiles("/proc/self/fd")
        .Select(f => File.ResolveLinkTarget(f, false)?.Name ?? "")
        .Count(t => t.StartsWith("pipe:", StringComparison.Ordinal) || t.Contains("pidfd", StringComparison.Ordinal));
}
