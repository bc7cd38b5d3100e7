using Kedge.Drivers;
using Kedge.Journal.Events;
using Kedge.Recover.Run;

namespace Kedge.Recover;

/// <summary>Asks every action of a recovery plan what would fail if it ran now. Nothing is changed.</summary>
public sealed class Preflight(EngineWorld world)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>All findings, in the order of the steps; each step has ten seconds, and all are asked at once.</summary>
    public async Task<IReadOnlyList<StepFinding>> RunAsync(RunPlanned planned, CancellationToken cancellation)
    {
        var run = new RunState(planned, world.Time.GetUtcNow());
        var found = await Task.WhenAll(planned.Plan.Steps.Select(s => AskAsync(run, s, cancellation)));
        return [.. found.SelectMany(f => f)];
    }

    private async Task<IEnumerable<StepFinding>> AskAsync(RunState run, RecoveryStep step, CancellationToken cancellation)
    {
        if (step.Kind is StepKind.Blocked)
        {
            return [new(step.Id, new(false, step.Instruction!, "configure a vault, or plan a failover to a copy that is not corrupted"))];
        }

        if (step.Kind is not StepKind.Act)
        {
            return [];
        }

        using var limit = new CancellationTokenSource(Patience, world.Time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            var context = await new StepContexts(world).OfAsync(run, step, null, linked.Token);
            var action = world.Drivers.Get(step.Driver!).Actions[step.Action!];
            var findings = await world.Workplace.RunAsync(() => action.PreflightAsync(context, linked.Token));
            return findings.Select(f => new StepFinding(step.Id, f));
        }
        catch (DriverException failure)
        {
            return [new(step.Id, new(false, failure.Message, failure.Hint))];
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return [new(step.Id, new(false, $"no answer within {Patience.TotalSeconds:0} s", "see whether its machine can be reached"))];
        }
    }
}

/// <summary>What one step's preflight found.</summary>
public sealed record StepFinding(string Step, PreflightFinding Finding);
