using System.CommandLine;
using Kedge.CommandLine.Moves;
using Kedge.CommandLine.Rendering.Plans;
using Kedge.CommandLine.Rendering.Text;
using Kedge.CommandLine.Terminals;
using Kedge.Nodes;
using Kedge.Plan.Model;
using Kedge.Recover.Compile;
using Kedge.Recover.Run;

namespace Kedge.CommandLine.Verbs;

/// <summary>The two ways out of a commit window: stay (<c>commit</c>), or go back (<c>rollback</c>).</summary>
internal static class RunEnds
{
    public static Verb Commit(CommandHost host, GlobalOptions globals)
    {
        var run = RunVerb.Argument(host);
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask." };
        var verb = new Verb("commit", "Stay at the new site for good: the way back closes, protection can be rebuilt.")
        {
            Examples = [new("kedge run commit run-3", "The failover was right.")],
            Exits = [ExitCodes.Refused, ExitCodes.NothingToDo],
        };
        verb.Arguments.Add(run);
        verb.Options.Add(yes);
        return verb.Does(host, globals, (call, cancellation) => call.WithPlane(create: false, async (plane, token) =>
        {
            var found = RunVerb.Find(plane, call.Get(run));
            if (found.Status is RunStatus.AwaitingCommit)
            {
                Confirm(call, call.Get(yes), $"{found.Id} stays: going back to {Words.List(found.Plan.Moves.Select(m => m.From).Distinct())} will take a failback.", token);
            }

            return await RunActs.TellAsync(call, plane, found, await plane.Operator.CommitAsync(found.Id, token), watch: false, token);
        }, cancellation));
    }

    public static Verb Rollback(CommandHost host, GlobalOptions globals)
    {
        var run = RunVerb.Argument(host);
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask." };
        var verb = new Verb("rollback", "Go back to the old site while the commit window is open, as long as nothing is lost by it.")
        {
            More = ["It is refused once anybody but Kedge has written at the new site, or where that cannot be told: then commit, reprotect and fail back instead."],
            Examples = [new("kedge run rollback run-3", "The failover was a mistake, and nobody has ordered anything since.")],
            Exits = [ExitCodes.Refused, ExitCodes.NeedsOperator, ExitCodes.NothingToDo, ExitCodes.Overtaken, ExitCodes.Interrupted],
        };
        verb.Arguments.Add(run);
        verb.Options.Add(yes);
        return verb.Does(host, globals, (call, cancellation) => call.WithPlane(
            create: false, (plane, token) => RollBackAsync(call, plane, RunVerb.Find(plane, call.Get(run)), call.Get(yes), token), cancellation));
    }

    private static async Task<int> RollBackAsync(Invocation call, ControlPlane plane, RunState run, bool yes, CancellationToken cancellation)
    {
        var reasons = await plane.Operator.WhyNotRollBackAsync(run, cancellation);
        if (reasons.Count > 0)
        {
            throw new VerbException(
                ExitCodes.Refused,
                $"{run.Id} cannot be taken back: {string.Join("; ", reasons)}",
                run.Status is RunStatus.AwaitingCommit ? $"stay, and move back without loss: kedge run commit {run.Id}, kedge reprotect, kedge failback" : null);
        }

        var request = new MoveRequest(new CompileRequest(RunKind.Rollback, run.Planned.Scenario, plane.Operator.WayBack(run)), []);
        var (proposal, briefing) = await BriefingMaker.MakeAsync(
            plane, plane.State.Plans.InForce, request, dryRun: false, preflight: true, new HashSet<ComponentId>(), cancellation);
        if (!call.Terminal.Json)
        {
            call.Terminal.Show(BriefingPage.Of(briefing, call.Terminal.Width));
        }

        Confirm(call, yes, "Nothing was written at the new site.", cancellation);
        return await new RunCarrier(call, plane).BeginAsync(proposal, new HashSet<ComponentId>(), cancellation);
    }

    private static void Confirm(Invocation call, bool yes, string what, CancellationToken cancellation)
    {
        if (yes)
        {
            return;
        }

        if (!call.Terminal.CanAsk)
        {
            throw VerbException.Usage("this asks first, and nobody can be asked here", "add --yes, or give the command on a terminal");
        }

        if (call.Terminal.Ask(Styled.Strong($"{what} Type yes to go on:"), cancellation) != "yes")
        {
            throw new VerbException(ExitCodes.Interrupted, "not confirmed; nothing was done", null);
        }
    }
}
