using Kedge.Demo.World;
using Kedge.Nodes;
using Kedge.Recover.Run;

namespace Kedge.Bench;

/// <summary>
/// A site is killed and recovered, by Kedge and by a shell script that does the same one after another, in worlds that
/// are alike. From Kedge's journal: what each step took beside the calls of its driver.
/// </summary>
internal static class Overhead
{
    public static Table Measure(string program, int runs, CancellationToken cancellation)
    {
        var own = new List<TimeSpan>();
        var whole = new List<TimeSpan>();
        var script = new List<TimeSpan>();
        for (var run = 1; run <= runs; run++)
        {
            var (steps, took) = NodeContext.Run(() => RecoverAsync(program, cancellation));
            own.AddRange(steps);
            whole.Add(took);
            script.Add(NodeContext.Run(() => BareScript.RecoverAsync(program, cancellation)));
            Console.Error.WriteLine($"{run}/{runs}: Kedge {Figures.Seconds(whole[^1])} s, script {Figures.Seconds(script[^1])} s, own time of steps at most {Figures.Milliseconds(steps.Max())} ms");
        }

        var table = new Table("what", "runs", "median", "p99", "worst");
        table.Add($"Kedge's own time in a step, ms ({own.Count} steps)", $"{runs}", Figures.Milliseconds(own.Median()), Figures.Milliseconds(own.At(0.99)), Figures.Milliseconds(own.Max()));
        table.Add("whole run, Kedge, s", $"{runs}", Figures.Seconds(whole.Median()), Figures.Seconds(whole.At(0.99)), Figures.Seconds(whole.Max()));
        table.Add("the same steps by a shell script, s", $"{runs}", Figures.Seconds(script.Median()), Figures.Seconds(script.At(0.99)), Figures.Seconds(script.Max()));
        table.Add("Kedge : script", $"{runs}", $"{whole.Median() / script.Median():0.00}", "", "");
        return table;
    }

    /// <summary>Longer than a run takes: nobody but Kedge follows its journal then, as nobody follows the script.</summary>
    private static readonly TimeSpan Away = TimeSpan.FromSeconds(4);

    private static async Task<(List<TimeSpan> Steps, TimeSpan Whole)> RecoverAsync(string program, CancellationToken cancellation)
    {
        await using var shop = await Shop.OpenAsync(program, cancellation);
        await shop.World.StrikeAsync(Disaster.Kill, "east", cancellation);
        await shop.UntilAsync(s => Covering(s) is not null, cancellation);
        var run = Covering(shop.Plane.State)!;
        var answer = await shop.Plane.Operator.ApproveAsync(run.Id, [], "bench", cancellation);
        if (!answer.Ok)
        {
            throw new InvalidOperationException(answer.Text);
        }

        await shop.LookAwayAsync(Away, cancellation);
        await shop.EndAsync(run, cancellation);
        foreach (var step in run.Steps)
        {
            await Console.Error.WriteLineAsync($"  {step.Step.Id}: {Figures.Milliseconds(Own(run, step))} ms beside {Figures.Milliseconds(step.InDriver ?? TimeSpan.Zero)} ms in its driver");
        }

        return ([.. run.Steps.Select(s => Own(run, s))], run.CompletedAt!.Value - run.StartedAt!.Value);
    }

    /// <summary>From the moment at which a step could begin until its end is in the journal, without its driver's time.</summary>
    private static TimeSpan Own(RunState run, StepState step)
    {
        var due = step.Step.Needs.Select(n => run.Find(n)!.EndedAt!.Value).Append(run.StartedAt!.Value).Max();
        return step.EndedAt!.Value - due - (step.InDriver ?? TimeSpan.Zero);
    }

    private static RunState? Covering(ControlState state) => state.Runs.Live.FirstOrDefault(
        r => r.Status is RunStatus.AwaitingApproval && r.Plan.Moves.Count == state.Plan?.Services.Count);
}
