using Kedge.Nodes;
using Kedge.Plan.Model;
using Kedge.Recover.Compile;
using Kedge.Recover.Run;
using Xunit;

namespace Kedge.Acceptance.Recovery.Crashes;

/// <summary>What Kedge is on its way with when it dies.</summary>
/// <param name="End">How the run stands when all went well.</param>
/// <param name="LosesNothing">An order that was acknowledged before must be there afterwards.</param>
/// <param name="BeginAsync">Brings a run about, up to its approval.</param>
internal sealed record Journey(RunStatus End, bool LosesNothing, Func<PreparedWorld, ControlPlane, CancellationToken, Task<RunState>> BeginAsync)
{
    /// <summary>All of the east is killed; Kedge detects it, and its proposal is approved once it covers all that was lost.</summary>
    public static Journey Failover { get; } = new(RunStatus.AwaitingCommit, LosesNothing: false, async (world, plane, cancellation) =>
    {
        await UntilWatermarkAsync(plane, cancellation);
        await world.StrikeAsync(cancellation);
        var services = plane.State.Plans.InForce.Services.Count;
        var run = await plane.UntilAsync(s => s.Runs.Live.FirstOrDefault(r => r.Plan.Moves.Count == services), cancellation);
        var answer = await plane.Operator.ApproveAsync(run.Id, [.. run.Planned.ExpectedLoss.Where(l => l.Refused).Select(l => l.Component)], null, cancellation);
        Assert.True(answer.Ok, answer.Text);
        return run;
    });

    /// <summary>All that is active in the east is to move to the west; both live.</summary>
    public static Journey Switchover { get; } = new(RunStatus.Completed, LosesNothing: true, async (world, plane, cancellation) =>
    {
        await UntilWatermarkAsync(plane, cancellation);
        await world.PlaceFirstOrderAsync(cancellation);
        var moves = MoveSelection.OfSite(plane.State.Plans.InForce, plane.State.Register, new("east"), null).Moves;
        var proposal = await plane.Operator.PrepareAsync(new(RunKind.Switchover, Scenario.PlannedMaintenance, moves), dryRun: false, cancellation);
        var answer = await plane.Operator.BeginAsync(proposal, [], cancellation);
        Assert.True(answer.Ok, answer.Text);
        return plane.State.Runs.Find(answer.Run!.Value)!;
    });

    /// <summary>Until Kedge has seen how far the database in the east has got.</summary>
    private static async Task UntilWatermarkAsync(ControlPlane plane, CancellationToken cancellation)
    {
        var database = plane.State.Plans.InForce.Services.SelectMany(s => s.Components).Single(c => c.Driver == "postgres");
        while (await plane.World.Watermarks.FindAsync(new(database.Id, new("east")), cancellation) is null)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancellation);
        }
    }
}
