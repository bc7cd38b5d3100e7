using Kedge.Demo.Story;
using Kedge.Journal.Events;
using Kedge.Nodes;
using Kedge.Plan.Model;
using Kedge.Recover.Run;

namespace Kedge.Demo.Play;

/// <summary>Commit, protection in the other direction, and a planned move home that loses nothing.</summary>
internal sealed class WayBack(Stage stage)
{
    private static readonly TimeSpan Around = TimeSpan.FromSeconds(2);

    public async Task PlayAsync(RunState failover, CancellationToken cancellation)
    {
        stage.Teller.Chapter("Commit, and protection again");
        Demand(await stage.Plane.Operator.CommitAsync(failover.Id, cancellation));
        stage.Teller.Say("The move is final. The east becomes the standby; what only its old copy holds is kept aside.");
        stage.Teller.Gap();
        await RunAsync(RunKind.Reprotect, failover.Plan.Moves, cancellation);
        var loss = failover.Losses.Values.FirstOrDefault();
        if (loss is not null)
        {
            stage.Teller.Say($"{(loss.Transactions is { } count ? $"The old copy, read again, holds {Spans.Count(count, "transaction")} that the west lacks" : "What the west lacks")}: {loss.Basis}.", Tone.Quiet);
        }

        stage.Teller.Chapter("Home again, as planned");
        var began = stage.Time.GetUtcNow();
        var run = await RunAsync(RunKind.Failback, [.. failover.Plan.Moves.Select(m => new Move(m.Service, m.To, m.From))], cancellation);
        await ReportAsync(began, run, cancellation);
    }

    private async Task<RunState> RunAsync(RunKind kind, IReadOnlyList<Move> moves, CancellationToken cancellation)
    {
        var proposal = await stage.Plane.Operator.PrepareAsync(new(kind, Scenario.PlannedMaintenance, moves), dryRun: false, cancellation);
        var answer = await stage.Plane.Operator.BeginAsync(proposal, [], cancellation);
        Demand(answer);
        var run = stage.Plane.State.Runs.Find(answer.Run!.Value)!;
        await stage.FollowAsync(run, proposal.Prediction.Time, cancellation);
        stage.Teller.Gap();
        return run;
    }

    private async Task ReportAsync(DateTimeOffset began, RunState run, CancellationToken cancellation)
    {
        var east = Stage.AddressOf("east").ToString();
        await stage.UntilOrdersAsync(
            o => o.Outcomes.Count(x => x.Refused is null && x.At > run.StartedAt && x.Address == east) > DemoOptions.Rate, TimeSpan.FromSeconds(15), cancellation);
        var orders = stage.NewestOrders();
        var until = (run.ServingAt ?? stage.Time.GetUtcNow()) + Around;
        var stored = await StoredOrders.ReadAsync(stage.World, "east", cancellation);
        var lost = orders.Outcomes.Count(o => o.Refused is null && o.At > began && !stored.Contains(o.Order));
        var silence = orders.LongestSilence(began, until < stage.Time.GetUtcNow() ? until : stage.Time.GetUtcNow());
        var home = new PlannedOutcome(
            (run.ServingAt ?? run.CompletedAt!.Value) - run.StartedAt!.Value, silence, orders.RefusedBetween(began, until), lost);
        stage.Outcome = stage.Outcome with { Home = home };
        stage.Teller.Show(OutcomePages.Move("west", "east", home));
        stage.Judge(lost == 0, $"the planned way home lost nothing; customers waited {Spans.Show(silence)} at most");
    }

    private static void Demand(Answer answer)
    {
        if (!answer.Ok)
        {
            throw new DemoException(answer.Text, null);
        }
    }
}
