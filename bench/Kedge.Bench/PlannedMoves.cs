using Kedge.Demo.Evidence;
using Kedge.Demo.Play;
using Kedge.Journal.Events;
using Kedge.Nodes;
using Kedge.Plan.Model;
using Kedge.Recover.Run;

namespace Kedge.Bench;

/// <summary>Switchover and failback in turn, of a database and its web service, while customers order 50 times a second.</summary>
internal static class PlannedMoves
{
    private static readonly TimeSpan Around = TimeSpan.FromSeconds(2);

    public static Table Measure(string program, int runs, CancellationToken cancellation) => NodeContext.Run(async () =>
    {
        await using var shop = await Shop.OpenAsync(program, cancellation);
        var table = new Table("planned move", "runs", "orders silent: median s", "p95 s", "worst s", "orders refused, a move", "lost", "writable twice", "whole run, median s");
        var felt = new List<Felt>();
        for (var run = 1; run <= runs; run++)
        {
            felt.Add(await MoveAsync(shop, RunKind.Switchover, "east", "west", cancellation));
            felt.Add(await MoveAsync(shop, RunKind.Failback, "west", "east", cancellation));
            await Console.Error.WriteLineAsync($"{run}/{runs}: switchover {felt[^2].Silence.TotalSeconds:0.00} s, failback {felt[^1].Silence.TotalSeconds:0.00} s");
        }

        var overlaps = Reigns.FindOverlaps(Reigns.Find(WriteEvidence.Read(shop.World.Layout.Evidence))).Count;
        foreach (var kind in felt.GroupBy(f => f.Kind))
        {
            var silence = kind.Select(f => f.Silence).ToList();
            table.Add(
                kind.Key.ToString().ToLowerInvariant(), $"{runs}", Figures.Seconds(silence.Median()), Figures.Seconds(silence.At(0.95)), Figures.Seconds(silence.Max()),
                $"{kind.Average(f => f.Refused):0.0}", $"{kind.Sum(f => f.Lost)}", $"{overlaps}", Figures.Seconds(kind.Select(f => f.Took).Median()));
        }

        return table;
    });

    private static async Task<Felt> MoveAsync(Shop shop, RunKind kind, string from, string to, CancellationToken cancellation)
    {
        var began = TimeProvider.System.GetUtcNow();
        var run = await shop.RunAsync(kind, [.. shop.Plane.State.Plan!.Services.Select(s => new Move(s.Name, new(from), new(to)))], cancellation);
        await shop.CalmAsync(Around, cancellation);
        var until = TimeProvider.System.GetUtcNow();
        var stored = await StoredOrders.ReadAsync(shop.World, to, cancellation);
        if (run.Status is RunStatus.AwaitingCommit)
        {
            await shop.Plane.Operator.CommitAsync(run.Id, cancellation);
        }

        return new(
            kind, shop.Orders.LongestSilence(began, until), shop.Orders.RefusedBetween(began, until),
            shop.Orders.Outcomes.Count(o => o.Refused is null && !stored.Contains(o.Order)), run.CompletedAt!.Value - run.StartedAt!.Value);
    }

    private sealed record Felt(RunKind Kind, TimeSpan Silence, long Refused, int Lost, TimeSpan Took);
}
