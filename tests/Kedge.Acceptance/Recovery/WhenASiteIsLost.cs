using Kedge.Demo.World;
using Kedge.Nodes;
using Kedge.Plan;
using Kedge.Recover.Run;
using Xunit;

namespace Kedge.Acceptance.Recovery;

/// <summary>The demo's world, a node, and a disaster: the main job, without the command line.</summary>
public class WhenASiteIsLost(ITestOutputHelper output)
{
    [Fact]
    public void Its_services_are_detected_decided_and_recovered_at_the_other() => NodeContext.Run<object?>(async () =>
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(90));
        var program = Path.Combine(AppContext.BaseDirectory, "kedge");
        await using var world = await DemoWorld.StartAsync(new(program, Synchronous: false, Rate: 50), TimeProvider.System, Say, limit.Token);
        var reading = new PlanReader(ControlPlane.Contracts).Read(PlanFiles.Load(world.Layout.Plan));
        foreach (var problem in reading.Problems)
        {
            Say(problem.ToString());
        }

        await using var plane = await ControlPlane.OpenAsync(
            new() { StateFolder = world.Layout.State, Who = "Operations manager", NodeName = "test" }, limit.Token);
        await plane.AdoptAsync(reading.Plan!, limit.Token);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(limit.Token);
        var node = plane.CreateNode(new() { Announce = Say }).RunAsync(ended.Token);
        await world.StartClientAsync(limit.Token);
        await Task.Delay(TimeSpan.FromSeconds(3), TimeProvider.System, limit.Token);

        var (struck, hit) = await world.StrikeAsync(Disaster.Kill, "east", limit.Token);
        Say($"killed {hit} processes");
        var run = await WaitForAsync(plane, p => p.State.Runs.Runs.Count > 0 ? p.State.Runs.Runs[^1] : null, limit.Token);
        Say($"planned after {(run.PlannedAt - struck).TotalMilliseconds:0} ms: {string.Join("; ", run.Planned.ExpectedLoss)}");
        var answer = await plane.Operator.ApproveAsync(run.Id, [], null, limit.Token);
        Say(answer.Text);
        await WaitForAsync(plane, p => run.Status is RunStatus.Running or RunStatus.AwaitingApproval ? null : run, limit.Token);
        foreach (var step in run.Steps)
        {
            Say($"{step.Step.Id,-40} {step.Status,-10} {(step.ClaimedAt - struck)?.TotalMilliseconds:0} … {(step.EndedAt - struck)?.TotalMilliseconds:0} ms  {step.Note} {step.Failure}");
        }

        foreach (var incident in plane.State.Incidents.Incidents)
        {
            Say($"{incident.Opened}");
        }

        foreach (var down in plane.State.Health.Downs)
        {
            Say($"{down.Service} {string.Join("; ", down.Evidence)}");
        }

        Say($"{run.Status} {run.Because}; serving after {(run.ServingAt - struck)?.TotalMilliseconds:0} ms; losses {string.Join("; ", run.Losses.Values)}");
        await ended.CancelAsync();
        await node;
        Assert.Equal(RunStatus.AwaitingCommit, run.Status);
        return null;
    });

    private static async Task<T> WaitForAsync<T>(ControlPlane plane, Func<ControlPlane, T?> find, CancellationToken cancellation)
        where T : class
    {
        while (true)
        {
            var changed = plane.Session.Changed;
            if (find(plane) is { } found)
            {
                return found;
            }

            await changed.WaitAsync(cancellation);
        }
    }

    private void Say(string text) => output.WriteLine($"{TimeProvider.System.GetUtcNow():HH:mm:ss.fff} {text}");
}
