namespace Kedge.Bench;

/// <summary>Measures one thing, as often as asked, and prints a table in Markdown.</summary>
internal static class BenchEntry
{
    private const string Usage = """
        usage: Kedge.Bench WHAT PROGRAM RUNS
          failover   the demo: from each disaster to the first order at the other site
          sync       the same with synchronous replication
          planned    planned moves there and back under load
          overhead   Kedge's own time in each step, and a whole run beside a shell script
          compile    plans of up to 10,000 components
          index      a vault's index of 1, 10 and 30 million blobs
          keys       how pages of sorted keys are compressed
        PROGRAM is the built program (kedge), RUNS how often.
        """;

    public static async Task<int> Main(string[] arguments)
    {
        if (arguments is not [var what, var program, var count] || !int.TryParse(count, out var runs) || runs < 1 || !File.Exists(program))
        {
            await Console.Error.WriteLineAsync(Usage);
            return 2;
        }

        using var ending = new CancellationTokenSource();
        Console.CancelKeyPress += (_, press) =>
        {
            press.Cancel = true;
            ending.Cancel();
        };
        Func<Table>? measure = what switch
        {
            "failover" => () => Failovers.Measure(program, runs, synchronous: false, ending.Token),
            "sync" => () => Failovers.Measure(program, runs, synchronous: true, ending.Token),
            "planned" => () => PlannedMoves.Measure(program, runs, ending.Token),
            "overhead" => () => Overhead.Measure(program, runs, ending.Token),
            "compile" => () => Compiling.Measure(runs),
            "index" => () => BigIndex.Measure(runs, ending.Token),
            "keys" => () => Keys.Measure(runs),
            _ => null,
        };
        if (measure is null)
        {
            await Console.Error.WriteLineAsync(Usage);
            return 2;
        }

        try
        {
            Console.Write(measure().Markdown());
            return 0;
        }
        catch (OperationCanceledException)
        {
            return 130;
        }
    }
}
