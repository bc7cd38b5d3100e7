using Kedge.CommandLine.Rendering.Text;
using Kedge.Journal.Events;
using Kedge.Nodes;
using Kedge.Plan.Model;
using Kedge.Recover.Run;

namespace Kedge.CommandLine.Moves;

/// <summary>
/// Sees to it that a run is carried out: by the node that leads, or by one that this command hosts for as long as it
/// takes. Interrupted, it says what becomes of the run.
/// </summary>
internal sealed class RunCarrier(Invocation call, ControlPlane plane)
{
    private static readonly TimeSpan RecordPatience = TimeSpan.FromSeconds(5);

    /// <summary>Begins a run and watches it to its end.</summary>
    public Task<int> BeginAsync(Proposal proposal, IReadOnlySet<ComponentId> accepted, CancellationToken cancellation) => CarryAsync(
        async token =>
        {
            var answer = await plane.Operator.BeginAsync(proposal, [.. accepted.Select(c => c.ToString())], token);
            return answer.Run ?? throw new VerbException(ExitCodes.Overtaken, answer.Text, "look at what there is now: kedge run list");
        },
        cancellation);

    /// <summary>
    /// What was decided about a run takes its course: where a node leads, that is told; else this command carries it on.
    /// </summary>
    public async Task<int> GoOnAsync(RunId run, bool watch, CancellationToken cancellation)
    {
        if (plane.State.Runs.Find(run) is not { Live: true } || (plane.IsLed && !watch))
        {
            return ExitCodes.Fine;
        }

        return await CarryAsync(_ => Task.FromResult(run), cancellation);
    }

    /// <summary>Watches a run that others carry out; this process never leads.</summary>
    public async Task<int> WatchAsync(RunId run, CancellationToken cancellation)
    {
        using var scope = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var following = plane.Session.FollowAsync(scope.Token);
        try
        {
            return RunWatcher.ExitCode(await new RunWatcher(plane, call.Terminal, hosted: false).WatchAsync(run, patient: true, cancellation));
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return Left(run, hosted: false);
        }
        finally
        {
            await scope.CancelAsync();
            await QuietAsync(following);
        }
    }

    private async Task<int> CarryAsync(Func<CancellationToken, Task<RunId>> begin, CancellationToken cancellation)
    {
        var hosted = !plane.IsLed;
        RunId? run = null;
        try
        {
            return await plane.HostAsync(
                async token =>
                {
                    run = await begin(token);
                    var watched = await new RunWatcher(plane, call.Terminal, hosted).WatchAsync(run.Value, patient: !hosted && call.Terminal.Redraws, token);
                    await RecordAsync(watched, token);
                    return RunWatcher.ExitCode(watched);
                },
                static _ => { },
                cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested && run is not null)
        {
            return Left(run.Value, hosted);
        }
    }

    /// <summary>A run that proves readiness is not over before that is journaled: a node hosted here would end too early.</summary>
    private async Task RecordAsync(RunState run, CancellationToken cancellation)
    {
        if (!VerificationKeeper.IsProof(run) || run.Planned.PlanVersion != plane.State.Plans.Newest)
        {
            return;
        }

        using var limit = new CancellationTokenSource(RecordPatience, plane.World.Time);
        while (!limit.IsCancellationRequested && run.Plan.Moves.Any(m => !(plane.State.Readiness.Find(m.Service)?.At >= run.CompletedAt)))
        {
            var changed = plane.Session.Changed;
            await Task.WhenAny(changed, Task.Delay(RecordPatience, plane.World.Time, limit.Token));
            cancellation.ThrowIfCancellationRequested();
        }

        if (!limit.IsCancellationRequested)
        {
            call.Terminal.Say(Styled.Good("✓ ") + $"recovery of {Words.List(run.Plan.Moves.Select(m => m.Service))} is verified by {run.Id}");
        }
    }

    private int Left(RunId run, bool hosted)
    {
        if (plane.State.Runs.Find(run) is { Live: true })
        {
            call.Terminal.Say(hosted
                ? Styled.Warning($"{run} stands still: this command was carrying it out. ") + $"Go on with it: kedge run resume {run}"
                : Styled.Of($"{run} goes on: {plane.State.Register.Leader} carries it out. ") + $"Watch it again: kedge run watch {run}");
        }

        return ExitCodes.Interrupted;
    }

    private static async Task QuietAsync(Task following)
    {
        try
        {
            await following;
        }
        catch (OperationCanceledException)
        {
            // It was asked to end.
        }
    }
}
